/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.store.BundleLimits;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.util.Optional;

/** Whether a new peer would take something that belongs to somebody else. The same on both sides. Pure. */
final class ConnectRules {

    private ConnectRules() {}

    /** Why not; {@code text} is one sentence. */
    record Conflict(RefusalCode code, String text) {}

    /** Whether there is room for the new peer's bundle. */
    static Optional<Conflict> room(Ourselves us, ExchangeState state, TrustBundle bundle) {
        return BundleLimits.hasRoom(state, bundle)
                ? Optional.empty()
                : Optional.of(new Conflict(
                        RefusalCode.TOO_MANY_RELATIONSHIPS,
                        "The bundles of %s's peers may have %d bytes together; that of %s has no room beside the others."
                                .formatted(us.cluster(), BundleLimits.MAX_TOTAL_BYTES, bundle.trustDomain())));
    }

    static Optional<Conflict> conflict(Ourselves us, ExchangeState state, TrustDomain domain, ClusterName cluster) {
        if (cluster.equals(us.cluster())) {
            return Optional.of(new Conflict(
                    RefusalCode.CLUSTER_NAME_CLAIMED,
                    "Both clusters are called %s; one needs another name.".formatted(cluster)));
        }
        Relationship existing = state.relationships().get(domain);
        if (existing != null && existing.state() == Relationship.State.ESTABLISHED) {
            boolean same = existing.cluster().filter(cluster::equals).isPresent();
            return Optional.of(
                    same
                            ? new Conflict(
                                    RefusalCode.ALREADY_CONNECTED,
                                    "%s already has a relationship with %s (%s)."
                                            .formatted(us.cluster(), cluster, domain))
                            : new Conflict(
                                    RefusalCode.TRUST_DOMAIN_CLAIMED,
                                    "Trust domain %s belongs to %s, with which %s has a relationship."
                                            .formatted(domain, existing.displayName(), us.cluster())));
        }
        boolean nameTaken = state.relationships().values().stream()
                .anyMatch(other -> !other.trustDomain().equals(domain)
                        && other.cluster().filter(cluster::equals).isPresent());
        if (nameTaken) {
            return Optional.of(new Conflict(
                    RefusalCode.CLUSTER_NAME_CLAIMED,
                    "%s already knows another cluster called %s.".formatted(us.cluster(), cluster)));
        }
        if (existing == null && state.relationships().size() >= Inviting.MAX_RELATIONSHIPS) {
            return Optional.of(new Conflict(
                    RefusalCode.TOO_MANY_RELATIONSHIPS,
                    "%s has %d relationships, the most it may.".formatted(us.cluster(), Inviting.MAX_RELATIONSHIPS)));
        }
        return Optional.empty();
    }
}
