/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.exchange.Main;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.publish.OwnBundle;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.files.TinyDisk;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.MainRun;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.transport.tls.BundleCell;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exchange on a real file system that is full or read-only, at the start and while it runs. */
final class DiskTest {

    private static final int KIB = 256;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private TinyDisk disk;
    private Vertx vertx;
    private TestCluster bergen;
    private TestCluster lubeck;

    /** Bergen lives on the tiny disk. */
    @BeforeEach
    void open() throws Exception {
        disk = TinyDisk.mount(directory.resolve("bergen"), KIB);
        vertx = Vertx.vertx();
        bergen = new TestCluster("bergen", directory.resolve("bergen"), vertx, clock);
        lubeck = new TestCluster("lubeck", Files.createDirectory(directory.resolve("lubeck")), vertx, clock);
    }

    @AfterEach
    void close() throws Exception {
        if (disk != null) {
            bergen.close();
            lubeck.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            disk.close();
        }
    }

    private ExchangeState reread() {
        return Stores.open(directory.resolve("bergen"), bergen.us.trustDomain()).current();
    }

    private void assertServes() {
        assertThat(lubeck.door.bundleOfAnybody(bergen.us.gateways()))
                .isInstanceOfSatisfying(
                        HttpsAnswer.Answered.class,
                        answered -> assertThat(answered.isOk()).isTrue());
    }

    @Test
    @DisplayName("an accept while the inviter's disk is full changes nothing, says so, and can be run again")
    void anAcceptWhileTheInvitersDiskIsFull() throws Exception {
        String text = bergen.invite();
        ExchangeState before = bergen.store.current();
        AtomicInteger told = new AtomicInteger();
        bergen.store.onChange(told::incrementAndGet);
        disk.fill();

        Outcome<Accepting.Connected> first = lubeck.accepting.accept(text);

        assertThat(TwoClusters.code(first)).isEqualTo(RefusalCode.STATE_NOT_WRITTEN);
        assertThat(((Outcome.Refused<?>) first).next()).contains("run the same command again");
        assertThat(((Outcome.Refused<?>) first).text()).doesNotContain(directory.toString());
        assertThat(bergen.store.current()).isSameAs(before);
        assertThat(told).hasValue(0);
        assertThat(reread()).isEqualTo(before);
        assertThat(lubeck.trusts(bergen)).isFalse();
        assertServes();

        disk.free();
        assertThat(lubeck.accepting.accept(text)).isInstanceOf(Done.class);
        assertThat(bergen.trusts(lubeck)).isTrue();
        assertThat(reread()).isEqualTo(bergen.store.current());
    }

    @Test
    void anOperatorHearsThatNothingHappenedWhereAndWhatNext() throws Exception {
        lubeck.accepting.accept(bergen.invite());
        ExchangeState before = bergen.store.current();
        disk.fill();
        assertRefusesEveryChange("No space left on device", "free space");
        disk.free();
        disk.coverReadOnly();
        assertRefusesEveryChange("Read-only file system", "writable");
        assertThat(bergen.store.current()).isSameAs(before);
        assertThat(reread()).isEqualTo(before);
        assertServes();
        disk.uncover();
        assertThat(bergen.leaving.disconnect("lubeck")).isInstanceOf(Done.class);
        assertThat(reread().relationships()).isEmpty();
    }

    private void assertRefusesEveryChange(String why, String next) {
        assertThatThrownBy(bergen::invite).isInstanceOfSatisfying(StateException.class, refused -> {
            assertThat(refused).hasMessageContaining("exchange.json").hasMessageContaining(why);
            assertThat(refused.next()).contains(next);
        });
        assertThatThrownBy(() -> bergen.leaving.disconnect("lubeck")).isInstanceOf(StateException.class);
        assertThat(bergen.trusts(lubeck)).isTrue();
    }

    @Test
    @DisplayName("FED-6.3 a farewell to a peer whose disk is full is said again until the peer has written it")
    void aFarewellToAPeerWhoseDiskIsFull() throws Exception {
        lubeck.accepting.accept(bergen.invite());
        disk.fill();
        Outcome<Leaving.Left> left = lubeck.leaving.disconnect("bergen");
        assertThat(((Done<Leaving.Left>) left).value().confirmed()).isFalse();
        assertThat(lubeck.trusts(bergen)).isFalse();
        assertThat(bergen.trusts(lubeck)).isTrue();
        disk.free();
        lubeck.leaving.sayAll();
        assertThat(bergen.trusts(lubeck)).isFalse();
        assertThat(lubeck.store.current().farewells()).isEmpty();
    }

    @Test
    @DisplayName("BND-4.1.1 a rotation while the disk is full is published when it is durable, under the next sequence")
    void aRotationWhileTheDiskIsFull() throws Exception {
        ManualScheduler scheduler = new ManualScheduler(clock);
        BundleCell authority = new BundleCell();
        authority.publish(BundleMap.empty().with(bergen.store.current().own().orElseThrow()));
        OwnBundle keeper = new OwnBundle(
                bergen.us.trustDomain(), Duration.ofMinutes(5), bergen.store, authority, scheduler, () -> {});
        keeper.start();
        disk.fill();
        TestAuthority next = TestAuthority.of("bergen.example", clock);
        authority.publish(BundleMap.empty()
                .with(new TrustBundle(
                        bergen.us.trustDomain(),
                        List.of(next.certificate()),
                        List.of(),
                        OptionalLong.empty(),
                        Optional.empty())));
        scheduler.runDue();
        assertThat(bergen.store.current().own().orElseThrow().sequence()).hasValue(1);
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(bergen.store.current().own().orElseThrow().sequence()).hasValue(1);
        assertServes();
        disk.free();
        scheduler.advance(Duration.ofSeconds(6));
        assertThat(bergen.store.current().own().orElseThrow().sequence()).hasValue(2);
        assertThat(reread().own().orElseThrow().x509Authorities()).containsExactly(next.certificate());
        keeper.close();
    }

    private MainRun.Ended run() throws Exception {
        Path yaml = Files.writeString(directory.resolve("cluster.yaml"), """
                cluster: bergen
                trustDomain: bergen.example
                stateDirectory: bergen
                trust-bundle-exchange:
                  listen: 127.0.0.1:0
                  bundleEndpoint: 127.0.0.1:0
                  metrics: 127.0.0.1:0
                """);
        return MainRun.of(Main.class, yaml);
    }

    @Test
    void doesNotStartOnAFullDiskAndSaysWhichAndWhatNext() throws Exception {
        disk.fill();
        run().requireStateRefused(
                        "trust-bundle-exchange: " + directory.resolve("bergen"),
                        "No space left on device",
                        "free space");
    }

    @Test
    void doesNotStartOnAReadOnlyDiskAndLeavesTheStateAsItWas() throws Exception {
        disk.makeReadOnly();
        run().requireStateRefused(
                        "trust-bundle-exchange: " + directory.resolve("bergen"), "Read-only file system", "mount");
        assertThat(reread()).isEqualTo(bergen.store.current());
    }

    @Test
    @DisplayName("a damaged exchange.json ends the start with exit 74, not as a bug")
    void stateThatCannotBeUsedEndsTheStart() throws Exception {
        Path home = Files.createDirectories(directory.resolve("bergen").resolve("trust-bundle-exchange"));
        Files.writeString(home.resolve("exchange.json"), "{");
        MainRun.Ended damaged = run();
        assertThat(damaged.exitCode()).as(damaged.said()).isEqualTo(ExitCode.STATE.number());
        assertThat(damaged.said())
                .contains("exchange.json")
                .contains("next: restore")
                .doesNotContain("bug");
    }
}
