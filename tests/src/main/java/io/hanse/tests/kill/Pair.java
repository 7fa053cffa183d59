/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.cli.directory.Role;
import io.hanse.tests.cluster.Backend;
import io.hanse.tests.cluster.Calls;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import io.hanse.tests.cluster.Settings;
import io.hanse.tests.cluster.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The two clusters, their applications and callers. Main thread. */
final class Pair implements AutoCloseable {

    /** Places of workloads in a cluster's range. */
    static final int API = 0;

    static final int FRONTEND = 1;
    static final int GUEST = 2;
    private static final int HOME = 3;

    private static final Duration HINT = Duration.ofSeconds(1);

    /** Longer than any process is away here, a slow machine included: what ends with a lease is proved elsewhere. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final World world = World.make("kill");
    private final Cluster lubeck;
    private final Cluster bergen;

    /** @param separate name of the cluster that runs its control plane as three processes */
    Pair(String separate) {
        this.lubeck = world.add(settings("lubeck", separate));
        this.bergen = world.add(settings("bergen", separate));
    }

    private static Settings settings(String name, String separate) {
        Settings settings =
                Settings.named(name).refreshHint(HINT).lease(LEASE, HINT).set("node-proxy", "probePeriod", "1s");
        return (name.equals(separate) ? settings.separateControlPlane() : settings)
                .set("trust-bundle-exchange", "minPoll", "250ms");
    }

    void start() {
        for (Cluster cluster : both()) {
            cluster.manifests().service("api", Map.of());
            cluster.manifests().service("home", Map.of());
            cluster.manifests().backend("home-1", "home", "a", cluster.workload(HOME));
            cluster.manifests().caller("frontend", "a", cluster.workload(FRONTEND), "api", "home");
            cluster.manifests().caller("guest", "a", cluster.workload(GUEST), "api");
            world.owns(Backend.start(homeOf(cluster), cluster.workload(HOME)));
        }
        world.start();
    }

    List<Cluster> both() {
        return List.of(lubeck, bergen);
    }

    /** Every process, in a fixed order. */
    List<ClusterProcess> processes() {
        return Stream.of(lubeck, bergen)
                .flatMap(cluster -> cluster.processes().stream())
                .toList();
    }

    /** Calls inside a cluster: they need its node proxy alone. */
    Path home(Cluster cluster) {
        return new Path(
                world.owns(Calls.start("home in " + cluster, cluster.listener(FRONTEND, 1), Set.of(homeOf(cluster)))),
                Set.of(cluster.process(Role.NODE_PROXY)));
    }

    /** Calls from one cluster to the api of another. */
    Path across(Cluster from, Cluster to) {
        return new Path(
                world.owns(Calls.start(
                        "%s to %s".formatted(from, to), from.listener(FRONTEND, 0), Set.of(api(from), api(to)))),
                Set.of(from.process(Role.NODE_PROXY), to.process(Role.EAST_WEST_GATEWAY), to.process(Role.NODE_PROXY)));
    }

    /** What the service that a cluster keeps to itself answers. */
    static String homeOf(Cluster cluster) {
        return "home of " + cluster;
    }

    /** What the api of a cluster answers. */
    static String api(Cluster cluster) {
        return "api of " + cluster;
    }

    /** Something failed: logs stay. */
    void keep() {
        world.keep();
    }

    @Override
    public void close() {
        world.close();
    }
}
