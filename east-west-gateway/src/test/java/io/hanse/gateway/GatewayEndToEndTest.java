/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.transport.hbone.Hop;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real TLS from the node of one cluster through the gateway to the proxy of another. */
@Timeout(120)
final class GatewayEndToEndTest {

    private final TestSvid registrysSvid =
            TestAuthority.of("bergen.example").svid("/ns/hanse-system/sa/cluster-registry");

    private SSLServerSocket registry;
    private TwoClusters world;

    GatewayEndToEndTest() throws Exception {
        registry = (SSLServerSocket) context(registrysSvid)
                .getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        world = new TwoClusters((InetSocketAddress) registry.getLocalSocketAddress());
    }

    @BeforeEach
    void serveRegistry() {
        Thread.ofVirtual().start(() -> {
            while (!registry.isClosed()) {
                try (Socket socket = registry.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException e) {
                    // A client that left, or the end of the test.
                }
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        registry.close();
        world.close();
    }

    @Test
    @DisplayName("invariant 3: the far proxy sees the calling workload itself, and its bytes come back")
    void aCallCrossesWithTheCallersOwnIdentity() throws Exception {
        try (Socket socket = world.call(world.via(Catalogs.authority(world.near, Catalogs.API, 80)))) {
            assertThat(echoed(socket, "moin")).isEqualTo("moin");
            assertThat(outcome()).isEqualTo(new OpenOutcome.Opened(List.of(world.gatewayId, world.backend)));
            assertThat(world.callersSeen.poll(30, TimeUnit.SECONDS)).isEqualTo(world.frontend);
            assertThat(world.tunnels.openTunnels()).isEqualTo(Map.of(world.lubeck.trustDomain(), 1));
            assertThat(world.gateway.connections().getFirst().peer().id()).isEqualTo(world.node);
        }
        assertThat(ended().reason()).isEqualTo(ReasonCode.OK);
    }

    @Test
    void istiosFormCrossesToo() throws Exception {
        Route.ViaGateway form = (Route.ViaGateway) world.via(Catalogs.API.hostname() + ":80");
        // One of the two endpoints is dead: the gateway draws again for each outer stream.
        for (int i = 0; i < 50; i++) {
            try (Socket socket = world.call(new Route.ViaGateway(
                    form.gateway(),
                    form.gatewayId(),
                    form.node(),
                    form.outerAuthority(),
                    false,
                    form.expected(),
                    form.client(),
                    form.authority(),
                    form.headers()))) {
                if (outcome() instanceof OpenOutcome.Opened) {
                    assertThat(echoed(socket, "moin")).isEqualTo("moin");
                    return;
                }
            }
        }
        throw new AssertionError("fifty draws of two endpoints never found the living one");
    }

    @Test
    void whatIsNotExportedIsRefusedAtTheGateway() throws Exception {
        assertThat(refusal(TwoClusters.LEDGER.hostname() + ":80"))
                .isEqualTo(new OpenOutcome.Refused(Hop.GATEWAY, 401, ReasonCode.NOT_EXPORTED, Optional.empty()));
        assertThat(refusal("127.0.0.1:80"))
                .isEqualTo(new OpenOutcome.Refused(Hop.GATEWAY, 400, ReasonCode.BAD_REQUEST, Optional.empty()));
        assertThat(world.tunnels.openTunnels()).isEmpty();
    }

    @Test
    void aDialThatFailsIsToldAndCountsNoLonger() throws Exception {
        assertThat(refusal(Catalogs.authority(world.dead, Catalogs.API, 80)))
                .isEqualTo(new OpenOutcome.Refused(
                        Hop.GATEWAY, 503, ReasonCode.UPSTREAM_CONNECT_FAILED, Optional.empty()));
        Until.holds(() -> world.tunnels.openTunnels().isEmpty());
    }

    @Test
    void aProbeOfAPeerIsAnsweredAndOneOfTheOwnTrustDomainIsNot() throws Exception {
        assertThat(Until.done(world.pool.probe(world.probe(world.node)))).isInstanceOf(ProbeOutcome.Answered.class);
        assertThat(Until.done(world.pool.probe(world.probe(world.bergensNode))))
                .isEqualTo(new ProbeOutcome.NotAnswered(
                        new OpenOutcome.Refused(Hop.ENDPOINT, 401, ReasonCode.NOT_A_PEER, Optional.empty())));
    }

    @Test
    @DisplayName("invariant 1: a root that is not the trust domain's own opens no tunnel in its name")
    void aForgedNodeIsRefused() throws Exception {
        world.issue(TestAuthority.of("lubeck.example"), world.node);
        assertThat(outcomeOf(Catalogs.authority(world.near, Catalogs.API, 80)))
                .isInstanceOfSatisfying(
                        OpenOutcome.Failed.class,
                        failed -> assertThat(failed.hop()).isEqualTo(Hop.GATEWAY));
        assertThat(world.callersSeen).isEmpty();
        assertThat(world.tunnels.openTunnels()).isEmpty();
    }

    @Test
    void aTrustDomainWithoutABundleIsRefused() throws Exception {
        SpiffeId stranger = SpiffeId.parse("spiffe://visby.example/hanse/node/n1");
        world.issue(TestAuthority.of("visby.example"), stranger);
        assertThat(Until.done(world.pool.probe(world.probe(stranger)))).isInstanceOf(ProbeOutcome.NotAnswered.class);
        assertThat(world.gateway.connections()).isEmpty();
    }

    @Test
    @DisplayName("disconnect: when the peer's bundle goes its live tunnels end, and no new one is opened")
    void disconnectEndsLiveTunnels() throws Exception {
        String authority = Catalogs.authority(world.near, Catalogs.API, 80);
        try (Socket socket = world.call(world.via(authority))) {
            assertThat(echoed(socket, "moin")).isEqualTo("moin");
            assertThat(outcome()).isInstanceOf(OpenOutcome.Opened.class);
            world.bergensBundles.publish(TestAuthority.bundles(world.bergen));
            assertThat(isOver(socket)).isTrue();
        }
        assertThat(ended().reason()).isNotEqualTo(ReasonCode.OK);
        Until.holds(() -> world.tunnels.openTunnels().isEmpty());
        Until.holds(() -> world.gateway.connections().isEmpty());
        Until.holds(() -> world.metrics
                        .find("hanse.gateway.tunnels")
                        .tags("peer", "lubeck.example", "reason_code", "TRUST_WITHDRAWN")
                        .functionCounter()
                != null);
        assertThat(outcomeOf(authority)).isInstanceOf(OpenOutcome.Failed.class);
    }

    @Test
    @DisplayName("the registry's server name is passed through: its own certificate, its own bytes")
    void theRegistryIsPassedThroughUntouched() throws Exception {
        try (SSLSocket socket = dialled("registry.hanse.internal", "h2")) {
            assertThat(echoed(socket, "xds")).isEqualTo("xds");
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(registrysSvid.leaf());
        }
        Until.holds(() -> world.metrics.find("hanse.gateway.passed.through").functionCounter() != null);
    }

    @Test
    void anUnknownServerNameWithoutH2IsClosed() throws Exception {
        try (SSLSocket socket = dialled("registry.hanse.internal.evil.example", "http/1.1")) {
            assertThat(isOver(socket)).isTrue();
        }
    }

    private OpenOutcome refusal(String outerAuthority) throws Exception {
        return outcomeOf(outerAuthority);
    }

    private OpenOutcome outcomeOf(String outerAuthority) throws Exception {
        try (Socket socket = world.call(world.via(outerAuthority))) {
            assertThat(isOver(socket)).isTrue();
            return outcome();
        }
    }

    private OpenOutcome outcome() throws InterruptedException {
        return Optional.ofNullable(world.outcomes.poll(30, TimeUnit.SECONDS)).orElseThrow();
    }

    private TunnelStats ended() throws InterruptedException {
        return Optional.ofNullable(world.ended.poll(30, TimeUnit.SECONDS)).orElseThrow();
    }

    private static String echoed(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    /** Reads to the end, orderly or not. */
    private static boolean isOver(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private SSLSocket dialled(String serverName, String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) context(registrysSvid)
                .getSocketFactory()
                .createSocket(TwoClusters.dial(world.at), "", world.at.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static SSLContext context(TestSvid svid) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, new char[0]);
        keys.setKeyEntry("svid", svid.key(), new char[0], svid.chain().toArray(Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), new TrustManager[] {new TakesAny()}, new SecureRandom());
        return context;
    }

    /** Whose certificate it is, the test looks at itself. */
    private static final class TakesAny implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
