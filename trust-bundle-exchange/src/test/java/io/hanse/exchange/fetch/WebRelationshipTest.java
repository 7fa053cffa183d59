/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.exchange.publish.BundleServer;
import io.hanse.exchange.publish.OwnBundle;
import io.hanse.exchange.publish.WebCertificate;
import io.hanse.exchange.relationship.Configuring;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.BundleCell;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relationship by hand with profile https_web: lubeck polls bergen's real web endpoint, whose certificate comes from a
 * test authority in lubeck's web trust store.
 */
final class WebRelationshipTest {

    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final Duration HINT = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofSeconds(11);

    @TempDir
    private Path directory;

    /** The platform's judge of web certificates knows the machine's clock only. */
    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final SystemScheduler workers = new SystemScheduler();
    private final TestAuthority web = TestAuthority.of("web.example");
    private final TestAuthority bergen = TestAuthority.of("bergen.example", clock);
    private final BundleCell bergensKeys = new BundleCell();
    private Vertx vertx;
    private final ManualScheduler bergensScheduler = new ManualScheduler(clock);
    private StateStore bergensStore;
    private StateStore store;
    private PeerPolling polling;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        Files.writeString(directory.resolve("ca.pem"), pem("CERTIFICATE", encoded(web.certificate())));
        publish(bergen);
        bergensStore = Stores.open(directory.resolve("bergen"), bergen.trustDomain());
        new OwnBundle(bergen.trustDomain(), HINT, bergensStore, bergensKeys, bergensScheduler, () -> {}).start();
        store = Stores.open(directory.resolve("lubeck"), LUBECK);
        polling = polling(store);
    }

    @AfterEach
    void close() {
        polling.close();
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private BundleFetcher fetcher(StateStore of) {
        return new BundleFetcher(
                new Doorway(new HttpsCaller(vertx), Ticker.system()),
                new SvidVerifier(clock),
                new TrustView(of),
                BundleFetcher.LIMIT);
    }

    private PeerPolling polling(StateStore of) {
        return new PeerPolling(
                of,
                fetcher(of).believing(Optional.of(directory.resolve("ca.pem"))),
                new PollSchedule(Duration.ofSeconds(5)),
                scheduler,
                clock,
                new Random(7),
                new SimpleMeterRegistry());
    }

    private void publish(TestAuthority... authorities) {
        bergensKeys.publish(BundleMap.empty()
                .with(new TrustBundle(
                        bergen.trustDomain(),
                        List.of(authorities).stream()
                                .map(TestAuthority::certificate)
                                .toList(),
                        List.of(),
                        OptionalLong.empty(),
                        Optional.empty())));
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    }

    /** Bergen's https_web endpoint as the wiring makes it, from two PEM files. */
    private BundleServer webEndpoint(int port, TestSvid shown) throws IOException {
        Path certificate = Files.writeString(directory.resolve("web.pem"), pem("CERTIFICATE", encoded(shown.leaf())));
        Path key = Files.writeString(
                directory.resolve("web.key"), pem("PRIVATE KEY", shown.key().getEncoded()));
        return new BundleServer(
                vertx,
                new HostPort("127.0.0.1", port),
                "https_web",
                WebCertificate.read(certificate, key),
                bergensStore,
                Optional.empty(),
                new BundleServer.Surroundings(
                        workers, InstantSource.system(), Ticker.system(), new SimpleMeterRegistry()));
    }

    private TestSvid webCertificate() {
        return web.svid("/web", spec -> spec.dns("localhost"));
    }

    private void connect(URI url) {
        Relationship wanted = new Relationship(
                bergen.trustDomain(),
                Optional.empty(),
                List.of(),
                url,
                new Profile.HttpsWeb(Optional.empty()),
                Relationship.State.ESTABLISHED,
                clock.instant());
        Ourselves lubeck = new Ourselves(new ClusterName("lubeck"), LUBECK, List.of());
        assertThat(new Configuring(lubeck, store, clock).add(wanted, Optional.empty()))
                .isInstanceOf(Outcome.Done.class);
    }

    private static URI url(String host, HostPort address) {
        return URI.create("https://%s:%d/".formatted(host, address.port()));
    }

    private Optional<TrustBundle> held() {
        return store.current().bundleMap().of(bergen.trustDomain());
    }

    private PollStatus.Problem problem() {
        return polling.status(bergen.trustDomain()).problem().orElseThrow();
    }

    @Test
    @DisplayName(
            "FED-5.2.1, FED-4.1c a live https_web relationship is polled, follows rotations, and survives a restart")
    void followsRotationsOverTheWeb() throws Exception {
        BundleServer endpoint = webEndpoint(0, webCertificate());
        HostPort address = endpoint.start();
        polling.start();
        connect(url("localhost", address));
        scheduler.runDue();
        assertThat(held().orElseThrow().x509Authorities()).containsExactly(bergen.certificate());
        assertThat(polling.status(bergen.trustDomain()).problem()).isEmpty();

        TestAuthority before = bergen;
        for (int rotation = 0; rotation < 2; rotation++) {
            TestAuthority next = TestAuthority.of("bergen.example", clock);
            publish(before, next);
            bergensScheduler.runDue();
            scheduler.advance(POLL);
            assertThat(held().orElseThrow().x509Authorities())
                    .containsExactly(before.certificate(), next.certificate());
            publish(next);
            bergensScheduler.runDue();
            scheduler.advance(POLL);
            assertThat(held().orElseThrow().x509Authorities()).containsExactly(next.certificate());
            before = next;
        }
        assertThat(held().orElseThrow().sequence()).hasValue(5);

        polling.close();
        store = Stores.open(directory.resolve("lubeck"), LUBECK);
        polling = polling(store);
        polling.start();
        TestAuthority last = TestAuthority.of("bergen.example", clock);
        publish(last);
        bergensScheduler.runDue();
        scheduler.runDue();
        assertThat(held().orElseThrow().x509Authorities()).containsExactly(last.certificate());
        endpoint.close();
    }

    @Test
    @DisplayName(
            "FED-5.2.1.4 wrong name, expired, not yet valid, self-signed: each refused by name, the last good bundle kept")
    void refusesWebCertificatesThatDoNotProveTheName() throws Exception {
        try (FakeEndpoint endpoint = new FakeEndpoint(vertx, webCertificate())) {
            endpoint.serve(bergensStore.current().own().orElseThrow());
            polling.start();
            connect(endpoint.url("localhost", "/"));
            scheduler.runDue();
            TrustBundle good = held().orElseThrow();
            int asked = endpoint.paths().size();
            Instant now = Instant.now();

            refused(endpoint, web.svid("/web", spec -> spec.dns("other.example")), ReasonCode.IDENTITY_UNEXPECTED);
            assertThat(problem().detail()).contains("another name");
            refused(
                    endpoint,
                    web.svid("/web", spec -> {
                        spec.dns("localhost");
                        spec.notAfter = now.minusSeconds(1);
                        spec.notBefore = now.minusSeconds(60);
                    }),
                    ReasonCode.CERTIFICATE_EXPIRED);
            assertThat(problem().detail()).contains("renew");
            refused(
                    endpoint,
                    web.svid("/web", spec -> {
                        spec.dns("localhost");
                        spec.notBefore = now.plusSeconds(3_600);
                        spec.notAfter = now.plusSeconds(7_200);
                    }),
                    ReasonCode.CERTIFICATE_NOT_YET_VALID);
            refused(
                    endpoint,
                    TestAuthority.of("web.example").svid("/web", spec -> spec.dns("localhost")),
                    ReasonCode.CERTIFICATE_CHAIN_BROKEN);
            assertThat(problem().detail()).contains("webAuthorities");

            assertThat(endpoint.paths())
                    .as("nobody was asked who did not prove the name")
                    .hasSize(asked);
            assertThat(held()).contains(good);
            endpoint.show(webCertificate());
            scheduler.advance(POLL);
            assertThat(polling.status(bergen.trustDomain()).problem()).isEmpty();
        }
    }

    private void refused(FakeEndpoint endpoint, TestSvid shown, ReasonCode reason) throws Exception {
        endpoint.show(shown);
        scheduler.advance(POLL);
        assertThat(problem().code()).isEqualTo(reason);
    }

    @Test
    @DisplayName("FED-5.2.1.4 a self-signed web certificate is refused, whatever it calls itself")
    void refusesASelfSignedCertificate() throws Exception {
        TestAuthority self = TestAuthority.root(
                new TrustDomain("web.example"), InstantSource.system(), spec -> spec.dns("localhost"));
        BundleServer endpoint = webEndpoint(0, self.asSvid());
        HostPort address = endpoint.start();
        polling.start();
        connect(url("localhost", address));
        scheduler.runDue();
        assertThat(problem().code()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN);
        assertThat(held()).isEmpty();
        endpoint.close();
    }

    @Test
    @DisplayName(
            "FED-5.2.1.2 without webAuthorities the Java runtime's authorities count, and the test authority is none of them")
    void theRuntimesAuthoritiesAreTheDefault() throws Exception {
        assertThat(((WebTrust.Ready) WebTrust.of(Optional.empty(), Optional.empty()))
                        .manager()
                        .getAcceptedIssuers())
                .as("this machine's JDK comes with authorities")
                .isNotEmpty();
        try (FakeEndpoint endpoint = new FakeEndpoint(vertx, webCertificate())) {
            endpoint.serve(bergensStore.current().own().orElseThrow());
            connect(endpoint.url("localhost", "/"));
            Relationship relationship = store.current().named("bergen.example").orElseThrow();
            assertThat(fetcher(store).fetch(relationship))
                    .isInstanceOfSatisfying(
                            FetchOutcome.Failed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN));
        }
    }

    @Test
    @DisplayName(
            "webAuthorities takes the place of the runtime's authorities, and a replaced file counts from the next poll on")
    void aReplacedTrustStoreCountsFromTheNextPollOn() throws Exception {
        assertThat(((WebTrust.Ready) WebTrust.of(Optional.of(directory.resolve("ca.pem")), Optional.empty()))
                        .manager()
                        .getAcceptedIssuers())
                .containsExactly(web.certificate());
        TestAuthority nextWeb = TestAuthority.of("web.example");
        try (FakeEndpoint endpoint = new FakeEndpoint(vertx, nextWeb.svid("/web", spec -> spec.dns("localhost")))) {
            endpoint.serve(bergensStore.current().own().orElseThrow());
            polling.start();
            connect(endpoint.url("localhost", "/"));
            scheduler.runDue();
            assertThat(problem().code()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN);
            assertThat(held()).isEmpty();

            Files.writeString(
                    directory.resolve("ca.pem"),
                    pem("CERTIFICATE", encoded(web.certificate()))
                            + pem("CERTIFICATE", encoded(nextWeb.certificate())));
            // No bundle was ever held, so there is no hint: five minutes.
            scheduler.advance(Duration.ofMinutes(6));
            assertThat(polling.status(bergen.trustDomain()).problem()).isEmpty();
            assertThat(held()).isPresent();

            Files.writeString(directory.resolve("ca.pem"), "nothing");
            scheduler.advance(POLL);
            assertThat(problem().code()).isEqualTo(ReasonCode.CERTIFICATE_MALFORMED);
            assertThat(problem().detail()).contains("ca.pem");
            assertThat(held()).as("the last good bundle is kept").isPresent();
        }
    }

    @Test
    void refusesToStartWithATrustStoreThatCannotBeRead() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        for (Path file : List.of(empty, directory.resolve("absent.pem"))) {
            assertThatThrownBy(() -> fetcher(store).believing(Optional.of(file)))
                    .isInstanceOfSatisfying(ExchangeException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ExchangeException.Code.CERTIFICATE_UNREADABLE);
                        assertThat(refused)
                                .hasMessageContaining(file.getFileName().toString());
                        assertThat(refused.next()).contains("webAuthorities");
                    });
        }
    }
}
