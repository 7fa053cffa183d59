/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.directory.Role;
import io.hanse.tests.cluster.Relay.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three clusters, each link between them cut and healed: from none to one, two and all three, and back. The clusters are
 * alike, so which link goes first does not matter; each link is cut in a way of its own, and heals in the order in which it
 * was cut. {@code -Dhanse.partition.all=true} goes through all 24 changes between the 8 sets of cut links, and takes some four minutes.
 *
 * <p>Throughout: each cluster's calls to its own service never fail, a caller that no policy names is never let in, and
 * every spiffe-ca goes on issuing.
 */
@ExtendWith(KeepLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PartitionTest {

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration HEARTBEAT = Duration.ofMillis(700);
    private static final Duration SVID = Duration.ofSeconds(20);

    private static final int API = 0;
    private static final int OWN = 1;
    private static final int FRONTEND = 2;
    private static final int GUEST = 3;
    private static final int LEDGER = 4;

    /** Which service of the frontend is which listener. */
    private static final int CALLS_OWN = 1;

    private static final int CALLS_LEDGER = 2;

    /** What links go through, as the bits of lubeck-bergen, bergen-visby, visby-lubeck: a walk through every number of cuts. */
    private static final List<Integer> WALK = List.of(0b001, 0b011, 0b111, 0b110, 0b100, 0b000);

    private static final int ENDS = 6;

    private static final List<Link> CUTS = List.of(Link.DOWN, Link.SILENT, Link.TORN);

    private final World world = World.make("partition");
    private final Cluster lubeck = world.add(settings("lubeck"));
    private final Cluster bergen = world.add(settings("bergen"));
    private final Cluster visby = world.add(settings("visby"));
    private final List<Pair> links =
            List.of(new Pair(lubeck, bergen), new Pair(bergen, visby), new Pair(visby, lubeck));
    private final Map<Calls, Calls.Mark> own = new HashMap<>();
    private final List<Calls> guests = new ArrayList<>();
    private int cutNow;

    private record Pair(Cluster one, Cluster other) {

        void set(Link link) {
            one.relay().set(other, link);
            other.relay().set(one, link);
        }
    }

    private static Settings settings(String name) {
        return Settings.named(name).behindRelay().lease(LEASE, HEARTBEAT).lifetimes(Duration.ofMinutes(10), SVID);
    }

    @BeforeAll
    void start() {
        for (Cluster cluster : world.clusters()) {
            Manifests manifests = cluster.manifests();
            world.owns(Backend.start(cluster.name(), cluster.workload(API)));
            world.owns(Backend.start("own", cluster.workload(OWN)));
            manifests.globalService("api");
            manifests.service("own", Map.of());
            manifests.globalService("ledger");
            manifests.backend("api-1", "api", "a", cluster.workload(API));
            manifests.backend("own-1", "own", "a", cluster.workload(OWN));
            manifests.caller("frontend", "a", cluster.workload(FRONTEND), "api", "own", "ledger");
            manifests.caller("guest", "a", cluster.workload(GUEST), "api");
            manifests.onlyFrom("api", frontends());
        }
        world.owns(Backend.start("ledger", lubeck.workload(LEDGER)));
        lubeck.manifests().backend("ledger-1", "ledger", "a", lubeck.workload(LEDGER));
        lubeck.manifests().onlyFrom("ledger", frontends());
        world.start();
        links.forEach(link -> link.one().connect(link.other()));
        awaitImports();
        for (Cluster cluster : world.clusters()) {
            Calls calls =
                    world.owns(Calls.start("own of " + cluster, cluster.listener(FRONTEND, CALLS_OWN), Set.of("own")));
            calls.awaitGood("before anything is cut");
            own.put(calls, calls.mark());
            guests.add(world.owns(Calls.start(
                    "guest of " + cluster, cluster.listener(GUEST, 0), 1, Duration.ofMillis(200), Set.of())));
        }
    }

    private String[] frontends() {
        return world.clusters().stream()
                .map(cluster -> cluster.principal("frontend"))
                .toArray(String[]::new);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    @Order(1)
    @DisplayName(
            "imported endpoints leave when their lease ends and come back when the link does, for every number of cuts")
    void leasesFollowTheLinks() {
        for (int cuts : Boolean.getBoolean("hanse.partition.all") ? everyChange() : WALK) {
            set(cuts);
            awaitImports();
            requireUnharmed("with cut links " + Integer.toBinaryString(cuts));
            if (cuts == 0b111) {
                aloneEveryClusterIssues();
                aloneLubeckNarrowsItsPolicy();
            }
        }
        Await.until(
                "bergen hears that lubeck's ledger is lubeck's alone, and is refused",
                () -> Call.get(bergen.listener(FRONTEND, CALLS_LEDGER)) instanceof Call.Failed);
        assertThat(Call.get(lubeck.listener(FRONTEND, CALLS_LEDGER)).isFrom("ledger"))
                .isTrue();
    }

    /** Every edge of the cube once in each direction, from no cuts back to none: an Euler circuit, as Hierholzer finds it. */
    private static List<Integer> everyChange() {
        List<Integer> circuit = new ArrayList<>();
        goOn(0, new HashSet<>(), circuit);
        return circuit.subList(1, circuit.size());
    }

    private static void goOn(int cuts, Set<String> gone, List<Integer> circuit) {
        for (int link = 0; link < 3; link++) {
            int next = cuts ^ 1 << link;
            if (gone.add(cuts + ">" + next)) {
                goOn(next, gone, circuit);
            }
        }
        circuit.addFirst(cuts);
    }

    @Test
    @DisplayName("the long walk is what it says: 24 changes of one link each, no change twice, home again")
    void theLongWalkIsWhole() {
        List<Integer> walk = everyChange();
        Set<String> changes = new TreeSet<>();
        int at = 0;
        for (int next : walk) {
            assertThat(Integer.bitCount(at ^ next)).isEqualTo(1);
            changes.add(at + ">" + next);
            at = next;
        }
        assertThat(walk).hasSize(24).endsWith(0);
        assertThat(changes).hasSize(24);
    }

    private void set(int cuts) {
        for (int i = 0; i < links.size(); i++) {
            boolean wanted = (cuts & 1 << i) != 0;
            if (wanted != ((cutNow & 1 << i) != 0)) {
                links.get(i).set(wanted ? CUTS.get(i) : Link.UP);
            }
        }
        cutNow = cuts;
    }

    /** Each cluster uses the endpoints of those peers that it can reach, and no others. */
    private void awaitImports() {
        for (Cluster cluster : world.clusters()) {
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < links.size(); i++) {
                Pair link = links.get(i);
                if ((cutNow & 1 << i) == 0 && (link.one() == cluster || link.other() == cluster)) {
                    expected.add((link.one() == cluster ? link.other() : link.one()).trustDomain());
                }
            }
            Await.until(
                    "%s imports from %s".formatted(cluster, expected),
                    Await.PATIENCE,
                    () -> importsOf(cluster).equals(expected),
                    () -> " (it imports from %s)".formatted(importsOf(cluster)));
        }
    }

    private static Set<String> importsOf(Cluster cluster) {
        Set<String> peers = new TreeSet<>();
        for (JsonNode peer : cluster.control().get(Role.CLUSTER_REGISTRY, "/v1/peers")) {
            if (peer.path("endpoints").asInt() > 0) {
                peers.add(peer.path("trustDomain").asText());
            }
        }
        return peers;
    }

    private void requireUnharmed(String when) {
        own.forEach((calls, begun) -> calls.requireNoneFailed(begun, when));
        guests.forEach(calls -> assertThat(calls.goodSince(new Calls.Mark(Instant.EPOCH, 0, 0)))
                .as("calls of %s that were let in, %s", calls.name(), when)
                .isZero());
    }

    private void aloneEveryClusterIssues() {
        Map<Cluster, Long> before = new HashMap<>();
        world.clusters().forEach(cluster -> before.put(cluster, issued(cluster)));
        // All of them renew at half life: so many new certificates, and each workload has a fresh one.
        before.forEach((cluster, then) -> Await.until(
                "%s issues, cut off from everybody".formatted(cluster),
                () -> issued(cluster) >= then + cluster.svids().size()));
        requireUnharmed("cut off from everybody");
    }

    private static long issued(Cluster cluster) {
        return cluster.control()
                .get(Role.SPIFFE_CA, "/v1/status")
                .path("issued")
                .asLong();
    }

    private void aloneLubeckNarrowsItsPolicy() {
        lubeck.manifests().onlyFrom("ledger", lubeck.principal("frontend"));
    }

    @Test
    @Order(2)
    @DisplayName("links that flap, are slow, or say everything twice start no storm, and all is there after them")
    void badLinksStartNoStorm() {
        long before = withdrawals();
        for (int i = 0; i < 5; i++) {
            links.getFirst().set(Link.DOWN);
            Await.pass(Duration.ofMillis(150));
            links.getFirst().set(Link.UP);
            Await.pass(Duration.ofMillis(350));
        }
        for (Link kind : List.of(Link.SLOW, Link.DOUBLED)) {
            links.forEach(link -> link.set(kind));
            Await.pass(LEASE.plus(HEARTBEAT));
            links.forEach(link -> link.set(Link.UP));
        }
        awaitImports();
        requireUnharmed("on bad links");
        // On a quiet machine none: every pause is shorter than the lease. On a busy one each end of a link may lose it
        // once.
        assertThat(withdrawals() - before)
                .as("times that a peer's endpoints were withdrawn")
                .isLessThanOrEqualTo(ENDS);
    }

    @Test
    @Order(3)
    @DisplayName("half-closed connections are as good as none: the lease ends, and all comes back with the link")
    void halfClosedLinksAreAsGoodAsCut() {
        links.getLast().set(Link.HALF_CLOSED);
        cutNow = 0b100;
        awaitImports();
        links.getLast().set(Link.UP);
        cutNow = 0;
        awaitImports();
        requireUnharmed("after half-closed connections");
        long cuts = Boolean.getBoolean("hanse.partition.all") ? 12 : links.size();
        // Each cut is seen from both ends of its link, and so are the bad links and the half-closed one.
        assertThat(withdrawals())
                .as("times that a peer's endpoints were withdrawn")
                .isLessThanOrEqualTo(2 * cuts + ENDS + 2 + ENDS);
    }

    /** How often any registry took a peer's endpoints away. */
    private long withdrawals() {
        return world.clusters().stream()
                .map(cluster -> cluster.process(Role.CLUSTER_REGISTRY).log())
                .mapToLong(log -> {
                    try (var lines = Files.lines(log)) {
                        return lines.filter(line -> line.contains("was not heard for a lease"))
                                .count();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }
}
