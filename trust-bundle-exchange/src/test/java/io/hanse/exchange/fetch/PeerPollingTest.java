/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.testing.LargeBundles;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rhythm of polling and what a poll may change, with a clock by hand and a real HTTPS endpoint. */
final class PeerPollingTest {

    private static final String ENDPOINT = "/spire/server";
    private static final TrustDomain OWN = new TrustDomain("own.example");
    private static final Duration HINT = Duration.ofSeconds(40);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final TestAuthority peer = TestAuthority.of("peer.example", clock);
    private final TrustDomain domain = peer.trustDomain();
    private Vertx vertx;
    private FakeEndpoint endpoint;
    private StateStore store;
    private PeerPolling polling;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        endpoint = new FakeEndpoint(vertx, peer.svid(ENDPOINT));
        endpoint.serve(bundle(5, Optional.of(HINT), peer.certificate()));
        store = Stores.open(directory, OWN);
        polling = new PeerPolling(
                store,
                new BundleFetcher(
                        new Doorway(new HttpsCaller(vertx), Ticker.system()),
                        new SvidVerifier(clock),
                        new TrustView(store),
                        BundleFetcher.LIMIT),
                new PollSchedule(Duration.ofSeconds(5)),
                scheduler,
                clock,
                new Random(7),
                new SimpleMeterRegistry());
        store.change(state -> state.with(relationship())
                .with(new PeerBundle(bundle(4, Optional.of(HINT), peer.certificate()), clock.instant())));
    }

    @AfterEach
    void close() {
        polling.close();
        endpoint.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Relationship relationship() {
        return new Relationship(
                domain,
                Optional.empty(),
                List.of(),
                endpoint.url(),
                new Profile.HttpsSpiffe(new SpiffeId(domain, ENDPOINT)),
                Relationship.State.ESTABLISHED,
                clock.instant());
    }

    private TrustBundle bundle(long sequence, Optional<Duration> hint, X509Certificate... authorities) {
        return new TrustBundle(domain, List.of(authorities), List.of(), OptionalLong.of(sequence), hint);
    }

    private void start() {
        polling.start();
        scheduler.runDue();
    }

    private TrustBundle held() {
        return store.current().bundleMap().of(domain).orElseThrow();
    }

    private ReasonCode problem() {
        return polling.status(domain).problem().orElseThrow().code();
    }

    private void assertNextIn(long seconds) {
        assertThat(scheduler.untilNext().orElseThrow())
                .isBetween(Duration.ofMillis(seconds * 900), Duration.ofMillis(seconds * 1100));
    }

    @Test
    @DisplayName("FED-4.1c polls at once, then at a quarter of the hint")
    void pollsAtAQuarterOfTheHint() {
        start();
        assertThat(held().sequence()).hasValue(5);
        assertThat(polling.status(domain).problem()).isEmpty();
        assertNextIn(10);
    }

    @Test
    void neverPollsMoreOftenThanTheFloor() {
        endpoint.serve(bundle(5, Optional.of(Duration.ofSeconds(1)), peer.certificate()));
        start();
        assertNextIn(5);
    }

    @Test
    @DisplayName("BND-6.1 polls every five minutes when there is no hint")
    void pollsEveryFiveMinutesWithoutAHint() {
        endpoint.serve(bundle(5, Optional.empty(), peer.certificate()));
        start();
        assertNextIn(300);
    }

    @Test
    @DisplayName("FED-6.2 a failed poll waits for the next interval")
    void aFailureWaitsForTheNextInterval() {
        endpoint.answer(request -> FakeEndpoint.status(request, 500));
        start();
        assertThat(endpoint.paths()).hasSize(1);
        assertThat(polling.status(domain).problem()).isPresent();
        assertNextIn(10);

        scheduler.advance(Duration.ofSeconds(100));

        assertThat(endpoint.paths()).hasSizeBetween(9, 13);
        assertThat(held().sequence()).as("the last good one is kept").hasValue(4);
        endpoint.serve(bundle(5, Optional.of(HINT), peer.certificate()));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(polling.status(domain).problem()).isEmpty();
        assertThat(held().sequence()).hasValue(5);
    }

    @Test
    @DisplayName(
            "FED-4.2a, BND-4.1.1 an older sequence is refused and reported, and the held bundle survives a restart")
    void refusesARollback() {
        start();
        endpoint.serve(bundle(
                3,
                Optional.of(HINT),
                peer.certificate(),
                TestAuthority.of("x.example").certificate()));
        scheduler.advance(Duration.ofSeconds(11));

        assertThat(problem()).isEqualTo(ReasonCode.BUNDLE_ROLLED_BACK);
        assertThat(held()).isEqualTo(bundle(5, Optional.of(HINT), peer.certificate()));
        assertThat(Stores.open(directory, OWN).current().bundleMap().of(domain)).contains(held());
    }

    @Test
    @DisplayName("BND-4.1.1 other keys under the same sequence are taken and reported until the next sequence")
    void reportsAReusedSequence() {
        start();
        TestAuthority next = TestAuthority.of("peer.example", clock);
        endpoint.serve(bundle(5, Optional.of(HINT), peer.certificate(), next.certificate()));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(problem()).isEqualTo(ReasonCode.BUNDLE_SEQUENCE_REUSED);
        assertThat(held().x509Authorities()).hasSize(2);

        scheduler.advance(Duration.ofSeconds(11));
        assertThat(problem()).isEqualTo(ReasonCode.BUNDLE_SEQUENCE_REUSED);
        endpoint.serve(bundle(6, Optional.of(HINT), peer.certificate(), next.certificate()));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(polling.status(domain).problem()).isEmpty();
    }

    @Test
    @DisplayName("BND-4.1.3 an empty key set revokes, and asks for a new introduction afterwards")
    void anEmptyKeySetRevokes() {
        start();
        endpoint.serve(
                "{\"keys\":[],\"spiffe_sequence\":6,\"spiffe_refresh_hint\":40}".getBytes(StandardCharsets.UTF_8));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(held().x509Authorities()).isEmpty();
        assertThat(Stores.open(directory, OWN)
                        .current()
                        .bundleMap()
                        .of(domain)
                        .orElseThrow()
                        .x509Authorities())
                .isEmpty();

        endpoint.serve(bundle(7, Optional.of(HINT), peer.certificate()));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(held().x509Authorities())
                .as("nobody is left who could vouch for it")
                .isEmpty();
        assertThat(polling.status(domain).problem().orElseThrow().detail()).contains("introduced again");
    }

    @Test
    @DisplayName("FED-5.2.2.3 the next poll starts at the configured URL again, even after a permanent redirect")
    void startsAtTheConfiguredUrlAgain() throws Exception {
        try (FakeEndpoint moved = new FakeEndpoint(vertx, peer.svid(ENDPOINT))) {
            moved.serve(bundle(5, Optional.of(HINT), peer.certificate()));
            endpoint.redirect(301, moved.url().toString());
            start();
            scheduler.advance(Duration.ofSeconds(11));
            assertThat(endpoint.paths()).hasSize(2);
            assertThat(moved.paths()).hasSize(2);
        }
    }

    @Test
    @DisplayName("FED-5.2.2.4b follows a peer through two new roots")
    void followsTwoRotations() throws Exception {
        start();
        TestAuthority before = peer;
        for (int sequence = 6; sequence <= 9; sequence += 2) {
            TestAuthority next = TestAuthority.of("peer.example", clock);
            endpoint.serve(bundle(sequence, Optional.of(HINT), before.certificate(), next.certificate()));
            scheduler.advance(Duration.ofSeconds(11));
            endpoint.show(next.svid(ENDPOINT));
            endpoint.serve(bundle(sequence + 1L, Optional.of(HINT), next.certificate()));
            scheduler.advance(Duration.ofSeconds(11));
            assertThat(held().x509Authorities()).containsExactly(next.certificate());
            before = next;
        }
        assertThat(polling.status(domain).problem()).isEmpty();
    }

    @Test
    @DisplayName(
            "FED-5.2.2.4b a peer that replaced its root twice unseen must be introduced again, and the status says so")
    void aPeerThatRotatedUnseenMustBeIntroducedAgain() throws Exception {
        start();
        endpoint.answer(request -> FakeEndpoint.status(request, 503));
        scheduler.advance(Duration.ofSeconds(100));
        TestAuthority afterTwo = TestAuthority.of("peer.example", clock);
        endpoint.show(afterTwo.svid(ENDPOINT));
        endpoint.serve(bundle(9, Optional.of(HINT), afterTwo.certificate()));
        scheduler.advance(Duration.ofSeconds(100));

        assertThat(problem()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN);
        assertThat(polling.status(domain).problem().orElseThrow().detail())
                .contains("introduced again", "disconnect", "invitation");
        assertThat(held().x509Authorities()).as("nothing unproved is taken").containsExactly(peer.certificate());

        store.change(state -> state.without(domain));
        store.change(state -> state.with(relationship())
                .with(new PeerBundle(bundle(9, Optional.of(HINT), afterTwo.certificate()), clock.instant())));
        scheduler.runDue();
        assertThat(polling.status(domain).problem()).isEmpty();
        TestAuthority third = TestAuthority.of("peer.example", clock);
        endpoint.serve(bundle(10, Optional.of(HINT), afterTwo.certificate(), third.certificate()));
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(held().x509Authorities()).containsExactly(afterTwo.certificate(), third.certificate());
    }

    @Test
    void keepsTheLastGoodBundleWhenThereIsNoRoomForALargerOne() {
        store.change(LargeBundles::fill);
        start();
        assertThat(held().sequence()).as("another sequence takes no more room").hasValue(5);
        TestAuthority second = TestAuthority.of("peer.example", clock);
        endpoint.serve(bundle(6, Optional.of(HINT), peer.certificate(), second.certificate()));
        scheduler.advance(Duration.ofSeconds(100));

        assertThat(problem()).isEqualTo(ReasonCode.LIMIT_EXCEEDED);
        assertThat(polling.status(domain).problem().orElseThrow().detail()).contains("no room", "is kept");
        assertThat(held().sequence()).hasValue(5);

        store.change(state -> state.without(new TrustDomain("large0.example")));
        scheduler.advance(Duration.ofSeconds(100));
        assertThat(held().sequence()).hasValue(6);
    }

    @Test
    @DisplayName("FED-6.3 an ended relationship is polled no more")
    void stopsWhenTheRelationshipEnds() {
        start();
        store.change(state -> state.without(domain));
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(endpoint.paths()).hasSize(1);
        assertThat(scheduler.waiting()).isZero();
        assertThat(polling.status(domain)).isEqualTo(PollStatus.NONE);
        assertThat(polling.refresh(domain)).isEmpty();
    }

    @Test
    void refreshAsksAtOnce() {
        start();
        endpoint.serve(bundle(6, Optional.of(HINT), peer.certificate()));
        assertThat(polling.refresh(domain).orElseThrow().problem()).isEmpty();
        assertThat(held().sequence()).hasValue(6);
        scheduler.runDue();
        assertThat(scheduler.waiting()).as("one next poll, not two").isEqualTo(1);
    }

    @Test
    void jitterStaysWithinATenth() {
        PollSchedule schedule = new PollSchedule(Duration.ofSeconds(5));
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(schedule.next(Optional.of(HINT), random))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
        }
        assertThat(schedule.interval(Optional.of(Duration.ofDays(365)))).isEqualTo(PollSchedule.LONGEST);
    }
}
