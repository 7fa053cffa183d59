/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.registry.catalog.Published;
import java.time.Duration;
import java.time.Instant;

/** Invariant 5: what a peer told stands until a lease after it was last heard, and no restart makes that longer. */
final class LeaseBounds implements Law {

    /** Timers are not exact to the instant. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            cluster.registry().published().ifPresent(published -> look(league, cluster, published));
        }
    }

    private void look(League league, Cluster cluster, Published published) {
        Instant limit = league.world().now().minus(Pace.LEASE).minus(SLACK);
        published.imported().forEach((domain, imported) -> {
            Cluster peer = league.of(domain).orElseThrow();
            Instant told = league.lastHeard(cluster, peer).orElse(World.START);
            Instant following = cluster.registry().followsSince(domain).orElse(World.START);
            Instant heard = told.isAfter(following) ? told : following;
            if (!imported.workloads().isEmpty() && heard.isBefore(limit)) {
                throw broken("%s still uses %d endpoints of %s, last heard %s ago (lease: %s)"
                        .formatted(
                                cluster,
                                imported.workloads().size(),
                                peer,
                                Duration.between(heard, league.world().now()),
                                Pace.LEASE));
            }
        });
    }
}
