/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A cluster serves its own calls whatever happens to its links and to its control plane: with a healthy endpoint of its own
 * and leave of its own policy, a call never fails.
 */
final class OwnCallsGoOn implements Law {

    /** Until then a proxy has heard what its operator said, also when the registry was just starting again. */
    private static final Duration SETTLED = Duration.ofMinutes(2);

    @Override
    public void called(League league, CallResult result) {
        if (result.tunnel().isPresent() || league.world().sinceStart().compareTo(SETTLED.plus(Pace.AUTHORITY)) < 0) {
            return;
        }
        Cluster cluster = result.client();
        boolean served = cluster.truth().hasBeen(truth -> serves(truth, cluster, result), SETTLED);
        // Certificates are renewed here when they are needed, and not at half life: without spiffe-ca they may be too
        // old.
        boolean signed = cluster.ca().isUp()
                && !cluster.ca().wasRefused()
                && league.ledger().signersArePatient(cluster);
        if (served && signed) {
            throw broken("a call of %s to its own %s failed: %s".formatted(cluster, result.service(), result.why()));
        }
    }

    private static boolean serves(Truth truth, Cluster cluster, CallResult result) {
        boolean endpoint = truth.endpoints().values().stream()
                .anyMatch(one -> one.healthy() && one.service().equals(result.service()));
        Optional<SortedSet<String>> only = Optional.ofNullable(truth.allowed().get(result.service()));
        String caller = Truth.principal(cluster.workload(Truth.CLIENT));
        return endpoint && only.map(some -> some.contains(caller)).orElse(true);
    }
}
