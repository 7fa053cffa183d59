/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hanse.tests.cluster.Await;
import io.hanse.transport.h2.Limit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole corpus against a node-proxy's and a gateway's port: each attack ends as it must, and no call of the canary beside
 * it is lost. Those who wait for a time limit begin first and wait together.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostileTest {

    private static final int CONNECTIONS = 900;
    private static final int HANDSHAKES = 60;
    private static final int PER_PEER = 400;
    private static final int PASS_THROUGH = 20;

    /** Counts that one machine reaches at both ends, and times that a test can wait for; all else as the product has it. */
    private static final String SETTINGS = """
            maxConnections: %d
            limits:
              handshakes: %d
              connectionsPerPeer: %d
              passThrough: %d
              idle: 20s
              keepalive: 5s
            """.formatted(CONNECTIONS, HANDSHAKES, PER_PEER, PASS_THROUGH);

    /** What a process holds when everybody is gone: buffers of a few connections. */
    private static final long QUIET_BYTES = 16L << 20;

    /** What a process ever has: 96 MiB of heap, 256 MiB of buffers, code, and TLS. */
    private static final long MOST_RESIDENT_BYTES = 600L << 20;

    /** Nothing but a gateway looks at a ClientHello before TLS does, or passes anything through. */
    private static final Set<Limit> GATEWAY_ONLY = EnumSet.of(Limit.CLIENT_HELLO, Limit.PASS_THROUGH);

    @TempDir
    static Path folder;

    private record Slow(Attack attack, Target target, CompletableFuture<Siege.Result> result) {}

    private final List<Slow> slow = new ArrayList<>();
    private Siege siege;

    @BeforeAll
    void lay() throws Exception {
        siege = new Siege(folder, SETTINGS);
        // Nobody else's tunnels may end for what these hold.
        Passport sluggard = siege.peer("sluggard");
        for (Target target : siege.fort.targets()) {
            for (Attack attack : Corpus.slow()) {
                slow.add(new Slow(
                        attack,
                        target,
                        CompletableFuture.supplyAsync(
                                () -> siege.by(sluggard, attack, target),
                                task -> Thread.ofVirtual().start(task))));
            }
        }
    }

    @AfterAll
    void lift() throws Exception {
        siege.close();
    }

    private Stream<DynamicContainer> atEach(Function<Target, Stream<? extends DynamicNode>> tests) {
        return siege.fort.targets().stream().map(target -> dynamicContainer(target.name(), tests.apply(target)));
    }

    private static void judge(Siege.Result result) {
        assertThat(result.heard())
                .as(
                        "%s at %s (%s)",
                        result.attack(), result.target(), result.attack().rule())
                .isIn(Siege.alternatives(result.attack(), result.target()));
        assertThat(result.lost()).as("calls of the canary that were lost").isEmpty();
    }

    @TestFactory
    @Order(1)
    @DisplayName("of a peer that was let in, ends as it must at once")
    Stream<DynamicContainer> quick() {
        return atEach(target -> Corpus.quick().stream()
                .map(attack -> dynamicTest(attack.name(), () -> judge(siege.byPeer(attack, target)))));
    }

    @TestFactory
    @Order(2)
    @DisplayName("who may not come in hears nothing")
    Stream<DynamicContainer> strangers() {
        return atEach(target -> siege.strangers().stream()
                .map(stranger -> dynamicTest(
                        stranger.name(),
                        () -> assertThat(siege.byStranger(target, stranger)).isEqualTo(Wire.CLOSED))));
    }

    @TestFactory
    @Order(3)
    @DisplayName("who waits too long is ended")
    Stream<DynamicTest> slowOnes() {
        return slow.stream()
                .map(each -> dynamicTest(
                        each.target() + ": " + each.attack(),
                        () -> judge(each.result().join())));
    }

    @TestFactory
    @Order(4)
    @DisplayName("who comes when the house is full is turned away, and it serves those inside")
    Stream<DynamicContainer> crowds() {
        List<Crowd> crowds = List.of(
                Crowd.silent(HANDSHAKES),
                Crowd.through(PASS_THROUGH),
                Crowd.ofOne(PER_PEER, siege.peer("crowd")),
                Crowd.ofPeers(
                        CONNECTIONS,
                        Stream.of("one", "two", "three").map(siege::peer).toList()));
        return atEach(target -> crowds.stream()
                .filter(crowd -> target.isGateway() || !crowd.gatewayOnly())
                .map(crowd -> dynamicTest(crowd.name(), () -> fill(crowd, target))));
    }

    private void fill(Crowd crowd, Target target) throws Exception {
        Canary canary = siege.canary(target);
        int served = canary.calls();
        List<Wire> inside = crowd.come(target);
        try {
            Await.until("one is turned away", () -> count(target, crowd.limit()) > 0);
            Await.until("a call is answered", () -> canary.calls() > served);
            assertThat(canary.failures()).isEmpty();
        } finally {
            for (Wire each : inside) {
                each.close();
            }
        }
    }

    private boolean isLogged(Target target, Limit limit) {
        return siege.fort
                .output(target)
                .lines()
                .anyMatch(line -> line.contains("a peer ran into a limit") && line.contains(limit.key()));
    }

    private static double count(Target target, Limit limit) {
        return Scrape.sum(
                Scrape.metrics(target), "hanse_hbone_limits_total", "end=\"server\"", "limit=\"" + limit.key() + "\"");
    }

    @TestFactory
    @Order(5)
    @DisplayName("each limit that was hit shows in the metric and in a log line")
    Stream<DynamicContainer> limits() {
        return atEach(target -> EnumSet.allOf(Limit.class).stream()
                .filter(limit -> target.isGateway() || !GATEWAY_ONLY.contains(limit))
                .map(limit -> dynamicTest(limit.key(), () -> {
                    assertThat(count(target, limit)).isPositive();
                    Await.until("it is in the log", () -> isLogged(target, limit));
                })));
    }

    @Test
    @Order(6)
    @DisplayName("every connection that heard GOAWAY was closed")
    void nothingIsLeftOpen() {
        assertThat(siege.leftOpen()).isEmpty();
    }

    @TestFactory
    @Order(7)
    @DisplayName("when all are gone, their memory is given back and the canary has lost no call")
    Stream<DynamicTest> aftermath() {
        return siege.fort.targets().stream()
                .map(target -> dynamicTest(target.name(), () -> {
                    Await.until("memory is given back", () -> Scrape.direct(target) < QUIET_BYTES);
                    assertThat(Scrape.highWater(target)).isLessThan(MOST_RESIDENT_BYTES);
                    assertThat(siege.canary(target).calls()).isPositive();
                    assertThat(siege.canary(target).failures()).isEmpty();
                    assertThat(target.process().isAlive()).isTrue();
                }));
    }
}
