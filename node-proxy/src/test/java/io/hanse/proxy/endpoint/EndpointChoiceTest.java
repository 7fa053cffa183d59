/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class EndpointChoiceTest {

    private static final Locality HERE = new Locality("north", "a", "");
    private static final Locality NEXT_ZONE = new Locality("north", "b", "");

    private long nanos;
    private final EndpointHealth health = new EndpointHealth(() -> nanos);
    private final EndpointChoice choice = new EndpointChoice(health, new SplittableRandom(7));

    @Test
    void affinityLocalPutsRemoteEndpointsLast() {
        List<String> uids = order(Affinity.LOCAL, remote("r1"), local("l1"), remote("r2"), local("l2"));
        assertThat(uids.subList(0, 2)).containsExactlyInAnyOrder("l1", "l2");
        assertThat(uids.subList(2, 4)).containsExactlyInAnyOrder("r1", "r2");
    }

    @Test
    void affinityRemotePutsLocalEndpointsLast() {
        assertThat(order(Affinity.REMOTE, local("l1"), remote("r1"))).containsExactly("r1", "l1");
    }

    @Test
    void withoutAffinityBothSidesShareTheCalls() {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            first.merge(order(Affinity.NONE, local("l"), remote("r")).getFirst(), 1, Integer::sum);
        }
        assertThat(first.get("l")).isBetween(850, 1150);
    }

    @Test
    void weightsShareTheCallsInProportion() {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            first.merge(
                    order(Affinity.NONE, workload("heavy", false, HERE, true, 3), local("light"))
                            .getFirst(),
                    1,
                    Integer::sum);
        }
        assertThat(first.get("heavy")).isBetween(2800, 3200);
    }

    @Test
    void theNearestComesFirst() {
        assertThat(order(Affinity.NONE, workload("far", false, NEXT_ZONE, true, 100), local("near")))
                .containsExactly("near", "far");
    }

    @Test
    void whatItsOwnerCallsUnhealthyIsNeverDialled() {
        assertThat(order(Affinity.LOCAL, workload("sick", false, HERE, false, 1), remote("r")))
                .containsExactly("r");
        assertThat(order(Affinity.LOCAL, workload("sick", false, HERE, false, 1)))
                .isEmpty();
    }

    @Test
    void aFailedEndpointRestsAndThenOneCallTriesIt() {
        health.failed("l");
        assertThat(order(Affinity.LOCAL, local("l"), remote("r"))).containsExactly("r", "l");
        nanos += EndpointHealth.FIRST_REST.toNanos();
        assertThat(order(Affinity.LOCAL, local("l"), remote("r"))).containsExactly("l", "r");
        assertThat(order(Affinity.LOCAL, local("l"), remote("r")))
                .as("the second caller does not wait for the first one's luck")
                .containsExactly("r", "l");
        health.succeeded("l");
        assertThat(order(Affinity.LOCAL, local("l"), remote("r"))).containsExactly("l", "r");
    }

    @Test
    void restsGrowUpToTheLongest() {
        for (int i = 0; i < 40; i++) {
            health.failed("l");
        }
        nanos += EndpointHealth.LONGEST_REST.minus(Duration.ofNanos(1)).toNanos();
        assertThat(health.mayGoFirst("l")).isFalse();
        nanos += 1;
        assertThat(health.mayGoFirst("l")).isTrue();
    }

    @Test
    void whenEveryEndpointRestsAllAreTried() {
        health.failed("l");
        health.failed("r");
        assertThat(order(Affinity.LOCAL, local("l"), remote("r"))).containsExactly("l", "r");
    }

    @Test
    void aCallTriesABoundedNumberOfEndpoints() {
        assertThat(order(Affinity.NONE, local("1"), local("2"), local("3"), local("4"), local("5")))
                .hasSize(EndpointChoice.MAX_ATTEMPTS);
    }

    private List<String> order(Affinity affinity, Workload... endpoints) {
        Service service = new Service(
                new ServiceName("shop", "api"),
                List.of(),
                List.of(new ServicePort("", 80, 8080)),
                true,
                true,
                affinity);
        return choice.inOrder(service, List.of(endpoints), HERE).stream()
                .map(Workload::uid)
                .toList();
    }

    private static Workload local(String uid) {
        return workload(uid, false, HERE, true, 1);
    }

    private static Workload remote(String uid) {
        return workload(uid, true, HERE, true, 1);
    }

    private static Workload workload(String uid, boolean remote, Locality locality, boolean healthy, int weight) {
        return new Workload(
                uid,
                "api",
                "shop",
                "api",
                new TrustDomain("lubeck.example"),
                new ClusterName("lubeck"),
                "lubeck",
                remote ? "" : "a",
                List.of(),
                locality,
                healthy,
                weight,
                new TreeMap<>(),
                List.of(),
                remote ? Optional.of(new RemoteAccess(uid, List.of())) : Optional.empty(),
                Optional.empty());
    }
}
