/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.tls.TlsPair.Outcome;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpiffeTlsTest {

    private static final InstantSource CLOCK = InstantSource.system();

    private final TestAuthority lubeck = TestAuthority.of("lubeck.example", CLOCK);
    private final TestAuthority bergen = TestAuthority.of("bergen.example", CLOCK);
    private final BundleCell bundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    private final TlsPair pair = new TlsPair();

    @AfterEach
    void close() {
        pair.close();
    }

    private SpiffeTls tls(TlsProvider provider) {
        return tls(provider, bundles);
    }

    private static SpiffeTls tls(TlsProvider provider, BundleSource bundles) {
        return new SpiffeTls(new SvidVerifier(CLOCK), bundles, provider, List.of("h2"));
    }

    private static X509Svid svid(TestSvid svid) throws MalformedSvid {
        return X509Svid.of(svid.chain(), svid.key());
    }

    private Outcome handshake(TlsProvider provider, TestSvid server, TestSvid client) throws Exception {
        return handshake(provider, provider, server, client, PeerCheck.anyKnown());
    }

    private Outcome handshake(
            TlsProvider atServer, TlsProvider atClient, TestSvid server, TestSvid client, PeerCheck clientCheck)
            throws Exception {
        try (SpiffeTls serverTls = tls(atServer);
                SpiffeTls clientTls = tls(atClient)) {
            X509Svid serverSvid = svid(server);
            X509Svid clientSvid = svid(client);
            return pair.handshake(
                    channel -> serverTls.server(channel.alloc(), serverSvid),
                    PeerCheck.anyKnown(),
                    channel -> clientTls.client(channel.alloc(), clientSvid),
                    clientCheck);
        }
    }

    static Stream<List<TlsProvider>> pairs() {
        return Stream.of(TlsProvider.values())
                .flatMap(a -> Stream.of(TlsProvider.values()).map(b -> List.of(a, b)));
    }

    @Test
    void boringSslIsWhatTheBytePathUsesHere() {
        assertThat(TlsProvider.best()).isEqualTo(TlsProvider.OPENSSL);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothEndsOfAnyProviderProveThemselvesAcrossTrustDomains(List<TlsProvider> providers) throws Exception {
        TestSvid server = bergen.intermediate().svid("/ns/shop/sa/api");
        TestSvid client = lubeck.svid("/ns/shop/sa/web");

        Outcome outcome =
                handshake(providers.getFirst(), providers.getLast(), server, client, PeerCheck.exactly(server.id()));

        assertThat(outcome.clientSaw().id()).isEqualTo(server.id());
        assertThat(outcome.clientSaw().chain()).isEqualTo(server.chain());
        assertThat(outcome.clientSaw().authority()).isEqualTo(bergen.certificate());
        assertThat(outcome.serverSaw().id()).isEqualTo(client.id());
        assertThat(outcome.serverSaw().authority()).isEqualTo(lubeck.certificate());
        assertThat(outcome.clientTls().engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(outcome.clientTls().applicationProtocol()).isEqualTo("h2");
    }

    @ParameterizedTest
    @EnumSource
    void clientWithoutCertificateIsRefused(TlsProvider provider) throws Exception {
        X509Svid server = svid(bergen.svid("/ns/shop/sa/api"));
        try (SpiffeTls tls = tls(provider)) {
            var stranger = SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .protocols("TLSv1.3")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            "h2"))
                    .build();
            Outcome outcome = pair.handshake(
                    channel -> tls.server(channel.alloc(), server),
                    PeerCheck.anyKnown(),
                    channel -> stranger.newHandler(channel.alloc()),
                    PeerCheck.anyKnown());
            assertThat(outcome.serverRefusal().reason()).isEqualTo(ReasonCode.NO_CLIENT_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("WL-4.6 refuses an ID of one trust domain signed by the root of another that is trusted too")
    void foreignRootCannotSpeakForThisTrustDomain(TlsProvider provider) throws Exception {
        TestSvid forged = bergen.svid(SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web"));

        Outcome outcome = handshake(provider, lubeck.svid("/ns/shop/sa/api"), forged);

        assertThat(outcome.serverRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @ParameterizedTest
    @EnumSource
    void trustDomainWithoutBundleIsRefused(TlsProvider provider) throws Exception {
        TestAuthority riga = TestAuthority.of("riga.example", CLOCK);

        Outcome outcome = handshake(provider, lubeck.svid("/ns/shop/sa/api"), riga.svid("/ns/shop/sa/web"));

        assertThat(outcome.serverRefusal().reason()).isEqualTo(ReasonCode.TRUST_DOMAIN_UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void rightTrustDomainWithWrongIdIsRefusedByTheClient(TlsProvider provider) throws Exception {
        SpiffeId wanted = SpiffeId.parse("spiffe://bergen.example/ns/shop/sa/other");

        Outcome outcome = handshake(
                provider,
                provider,
                bergen.svid("/ns/shop/sa/api"),
                lubeck.svid("/ns/shop/sa/web"),
                PeerCheck.exactly(wanted));

        assertThat(outcome.clientRefusal().reason()).isEqualTo(ReasonCode.IDENTITY_UNEXPECTED);
        assertThat(outcome.clientChannel().closeFuture().await(10_000)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("X509-5.1 refuses an expired server and an expired client")
    void expiredLeafIsRefusedOnBothSides(TlsProvider provider) throws Exception {
        Instant now = CLOCK.instant();
        TestSvid expired = bergen.svid("/ns/shop/sa/api", spec -> {
            spec.notBefore = now.minus(Duration.ofHours(2));
            spec.notAfter = now.minus(Duration.ofHours(1));
        });

        Outcome asServer = handshake(provider, expired, lubeck.svid("/ns/shop/sa/web"));
        Outcome asClient = handshake(provider, lubeck.svid("/ns/shop/sa/web"), expired);

        assertThat(asServer.clientRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_EXPIRED);
        assertThat(asClient.serverRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_EXPIRED);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("X509-3.2b refuses a signing certificate as server and as client")
    void signingCertificateDoesNotAuthenticate(TlsProvider provider) throws Exception {
        TestSvid authority = lubeck.svid("/ns/shop/sa/web", spec -> {
            spec.authority = java.util.Optional.of(true);
            spec.keyUsage = java.util.Optional.of(org.bouncycastle.asn1.x509.KeyUsage.keyCertSign
                    | org.bouncycastle.asn1.x509.KeyUsage.digitalSignature);
        });

        Outcome asServer = handshake(provider, authority, bergen.svid("/ns/shop/sa/api"));
        Outcome asClient = handshake(provider, bergen.svid("/ns/shop/sa/api"), authority);

        assertThat(asServer.clientRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_IS_AUTHORITY);
        assertThat(asClient.serverRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_IS_AUTHORITY);
    }

    @ParameterizedTest
    @EnumSource
    void selfSignedLeafIsRefused(TlsProvider provider) throws Exception {
        TestSvid selfSigned = lubeck.svid("/ns/shop/sa/web", spec -> {
            spec.issuer = spec.subject;
            spec.issuerKeys = spec.keys;
        });

        Outcome outcome = handshake(provider, bergen.svid("/ns/shop/sa/api"), selfSigned);

        assertThat(outcome.serverRefusal().reason()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @ParameterizedTest
    @EnumSource
    void peerWithoutAlpnIsRefused(TlsProvider provider) throws Exception {
        X509Svid server = svid(bergen.svid("/ns/shop/sa/api"));
        X509Svid client = svid(lubeck.svid("/ns/shop/sa/web"));
        try (SpiffeTls tls = tls(provider);
                SpiffeTls silent = new SpiffeTls(new SvidVerifier(CLOCK), bundles, provider, List.of())) {
            Outcome outcome = pair.handshake(
                    channel -> tls.server(channel.alloc(), server),
                    PeerCheck.anyKnown(),
                    channel -> silent.client(channel.alloc(), client),
                    PeerCheck.anyKnown());
            assertThat(outcome.serverRefusal().reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachHandshakeVerifiesAgainAndObeysTheMapOfItsMoment(TlsProvider provider) throws Exception {
        X509Svid server = svid(bergen.svid("/ns/shop/sa/api"));
        X509Svid client = svid(lubeck.svid("/ns/shop/sa/web"));
        try (SpiffeTls atServer = tls(provider);
                SpiffeTls atClient = tls(provider, BundleSource.fixed(bundles.current()))) {
            TlsPair.Handlers serverTls = channel -> atServer.server(channel.alloc(), server);
            TlsPair.Handlers clientTls = channel -> atClient.client(channel.alloc(), client);
            PeerCheck any = PeerCheck.anyKnown();
            assertThat(pair.handshake(serverTls, any, clientTls, any).server()).isInstanceOf(TlsPeer.class);
            // A resumed session would show no certificate and would have no peer to remember.
            assertThat(pair.handshake(serverTls, any, clientTls, any).server()).isInstanceOf(TlsPeer.class);

            bundles.publish(bundles.current().without(new TrustDomain("lubeck.example")));

            assertThat(pair.handshake(serverTls, any, clientTls, any)
                            .serverRefusal()
                            .reason())
                    .isEqualTo(ReasonCode.TRUST_DOMAIN_UNKNOWN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rotatedSvidIsShownOnTheNextConnectionAndReplacesTheKeptContext(TlsProvider provider) throws Exception {
        X509Svid first = svid(bergen.svid("/ns/shop/sa/api"));
        X509Svid second = svid(bergen.svid("/ns/shop/sa/api"));
        SvidCell cell = new SvidCell(first);
        X509Svid client = svid(lubeck.svid("/ns/shop/sa/web"));
        try (SpiffeTls atServer = tls(provider);
                SpiffeTls atClient = tls(provider)) {
            TlsPair.Handlers serverTls =
                    channel -> atServer.server(channel.alloc(), cell.current().orElseThrow());
            TlsPair.Handlers clientTls = channel -> atClient.client(channel.alloc(), client);
            PeerCheck any = PeerCheck.anyKnown();
            Outcome before = pair.handshake(serverTls, any, clientTls, any);
            cell.publish(second);
            Outcome after = pair.handshake(serverTls, any, clientTls, any);

            assertThat(before.clientSaw().chain()).isEqualTo(first.chain());
            assertThat(after.clientSaw().chain()).isEqualTo(second.chain());
            assertThat(atServer.size()).isEqualTo(1);
        }
    }

    @Test
    void withdrawnTrustEndsLivePeersAndSparesTheOthers() throws Exception {
        java.util.Map<String, ReasonCode> ended = new java.util.concurrent.ConcurrentHashMap<>();
        Outcome fromLubeck =
                handshake(TlsProvider.best(), bergen.svid("/ns/shop/sa/api"), lubeck.svid("/ns/shop/sa/web"));
        Outcome fromBergen =
                handshake(TlsProvider.best(), bergen.svid("/ns/shop/sa/api"), bergen.svid("/ns/shop/sa/web"));
        // A leaf that ran out since the handshake ends nothing by itself: LiveTrust judges as of admission.
        try (LiveTrust<String> live =
                new LiveTrust<>(CLOCK, bundles, (name, refused) -> ended.put(name, refused.reason()))) {
            live.admit("lubeck", fromLubeck.serverSaw());
            live.admit("bergen", fromBergen.serverSaw());

            bundles.publish(bundles.current().without(new TrustDomain("lubeck.example")));

            assertThat(ended).containsExactly(java.util.Map.entry("lubeck", ReasonCode.TRUST_DOMAIN_UNKNOWN));
            assertThat(live.size()).isEqualTo(1);

            // Admitted with a proof from before the withdrawal: the gap between handshake and admission is closed.
            live.admit("late", fromLubeck.serverSaw());
            assertThat(ended).containsKey("late");

            bundles.publish(BundleMap.empty());
            assertThat(ended).containsKey("bergen");
            assertThat(live.size()).isZero();
        }
    }

    @Test
    @DisplayName("a live peer is judged again when the authorities of its own trust domain change, and then once")
    void livePeersAreJudgedOnceForAChange() throws Exception {
        TlsPeer peer = handshake(TlsProvider.best(), bergen.svid("/ns/shop/sa/api"), lubeck.svid("/ns/shop/sa/web"))
                .serverSaw();
        assertThat(peer.provedWith()).containsExactly(lubeck.certificate());
        SvidVerifier verifier = new SvidVerifier(CLOCK);
        AtomicInteger judged = new AtomicInteger();
        LiveTrust.Verifier counting = (chain, map, at) -> {
            judged.incrementAndGet();
            return verifier.verify(chain, map, at);
        };
        TestAuthority next = TestAuthority.of("lubeck.example", CLOCK);
        TrustBundle both =
                TrustBundle.ofX509(peer.id().trustDomain(), List.of(lubeck.certificate(), next.certificate()));
        try (LiveTrust<Integer> live = new LiveTrust<>(counting, CLOCK, bundles, (connection, refused) -> {
            throw new AssertionError(refused);
        })) {
            for (int connection = 0; connection < 100; connection++) {
                live.admit(connection, peer);
            }
            bundles.publish(bundles.current().without(bergen.trustDomain()));
            assertThat(judged).as("another trust domain has left").hasValue(0);
            bundles.publish(bundles.current().with(both));
            assertThat(judged).as("a root has come").hasValue(100);
            bundles.publish(bundles.current().with(both.withSequence(2)));
            bundles.publish(TestAuthority.bundles(bergen).with(both));
            assertThat(judged).as("nothing that matters has changed since").hasValue(100);
            assertThat(live.size()).isEqualTo(100);
        }
    }
}
