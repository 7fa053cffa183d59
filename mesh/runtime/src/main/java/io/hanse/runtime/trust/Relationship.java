/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import java.util.List;

/**
 * A peer with whom trust-bundle-exchange holds a live relationship.
 *
 * @param gateways in the peer's order of preference; at least one
 */
public record Relationship(TrustDomain trustDomain, ClusterName cluster, List<HostPort> gateways)
        implements Comparable<Relationship> {

    /** More than any cluster runs; a bound on what is tried. */
    static final int MAX_GATEWAYS = 16;

    public Relationship {
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty() || gateways.size() > MAX_GATEWAYS) {
            throw new IllegalArgumentException(
                    "gateways: %d (expected: 1 to %d)".formatted(gateways.size(), MAX_GATEWAYS));
        }
    }

    @Override
    public int compareTo(Relationship other) {
        return trustDomain.compareTo(other.trustDomain);
    }
}
