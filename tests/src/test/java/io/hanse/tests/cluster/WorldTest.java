/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.cli.directory.Role;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The harness itself: what other tests build on does what it says. */
@ExtendWith(KeepLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WorldTest {

    private static final int API = 0;
    private static final int FRONTEND = 1;

    private final World world = World.make("world");
    private final Cluster lubeck = world.add(Settings.named("lubeck").nodes(2).separateControlPlane());
    private final Cluster bergen = world.add(Settings.named("bergen").behindRelay());

    @BeforeAll
    void start() {
        world.owns(Backend.start("bergen", bergen.workload(API)));
        for (Cluster cluster : world.clusters()) {
            cluster.manifests().globalService("api");
            cluster.manifests().caller("frontend", "a", cluster.workload(FRONTEND), "api");
        }
        bergen.manifests().backend("api-1", "api", "a", bergen.workload(API));
        world.start();
        bergen.connect(lubeck);
        Await.until("a call across is answered", () -> call().isFrom("bergen"));
    }

    @AfterAll
    void end() {
        List<ClusterProcess> all = world.clusters().stream()
                .flatMap(cluster -> cluster.processes().stream())
                .toList();
        world.close();
        assertThat(all).noneMatch(ClusterProcess::isAlive);
    }

    @Test
    @Order(1)
    @DisplayName("every process is one of its own, is ready and has metrics")
    void everyProcessIsItsOwn() {
        List<ClusterProcess> all = world.clusters().stream()
                .flatMap(cluster -> cluster.processes().stream())
                .toList();
        assertThat(all).hasSize(9);
        assertThat(all).extracting(ClusterProcess::pid).doesNotHaveDuplicates();
        assertThat(all)
                .allMatch(process -> process.roles().stream().allMatch(process::isReady))
                .allMatch(process -> process.metrics().contains("jvm_memory_used_bytes"));
    }

    @Test
    @Order(2)
    @DisplayName("a service of the second node is called from the first, in the same cluster")
    void nodesOfOneClusterMeet() {
        lubeck.manifests().backend("api-b", "api", "b", lubeck.workload(API));
        lubeck.manifests().service("api", java.util.Map.of("hanse.io/global", "true", "hanse.io/affinity", "local"));
        try (Backend near = Backend.start("lubeck", lubeck.workload(API))) {
            Await.until("the near backend answers", () -> call().isFrom(near.name()));
        } finally {
            lubeck.manifests().remove("workload-api-b.yaml");
        }
        Await.until("the far backend answers again", () -> call().isFrom("bergen"));
    }

    @Test
    @Order(3)
    @DisplayName("a link that is down fails calls across, a link of another cluster does not, and up again they go on")
    void linksAreCut() {
        assertThat(bergen.relay().connections()).isPositive();
        bergen.relay().set(bergen, Relay.Link.DOWN); // nobody of bergen dials its own gateway
        assertThat(call().isFrom("bergen")).isTrue();
        bergen.relay().set(lubeck, Relay.Link.DOWN);
        assertThat(call()).isInstanceOf(Call.Failed.class);
        bergen.relay().set(Relay.Link.UP);
        Await.until("calls go on", () -> call().isFrom("bergen"));
    }

    @Test
    @Order(4)
    @DisplayName("a killed process is gone, fails calls that need it, and comes back with its state")
    void killedProcessesComeBack() {
        ClusterProcess proxy = bergen.process(Role.NODE_PROXY);
        long before = proxy.pid();
        try (Calls calls = Calls.start("across", lubeck.listener(FRONTEND, 0), Set.of("bergen"))) {
            calls.awaitGood("before");
            Calls.Mark mark = calls.mark();
            proxy.kill();
            Await.until("calls fail", () -> calls.failedSince(mark) > 0);
            assertThat(calls.failuresSince(mark)).isNotEmpty();
            proxy.start();
            proxy.awaitReady();
            calls.awaitGood("after the restart");
        }
        assertThat(proxy.pid()).isNotEqualTo(before);
        assertThat(Files.exists(proxy.log())).isTrue();
        assertThat(lubeck.process(Role.EAST_WEST_GATEWAY).terminate()).isTrue();
    }

    private Call call() {
        return Call.get(lubeck.listener(FRONTEND, 0));
    }
}
