/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import java.util.List;

/**
 * Who this cluster is to others.
 *
 * @param cluster its name
 * @param trustDomain its own
 * @param gateways where others reach it, in the order to try
 */
public record Ourselves(ClusterName cluster, TrustDomain trustDomain, List<HostPort> gateways) {

    public Ourselves {
        gateways = List.copyOf(gateways);
    }

    /** SPIFFE ID of this cluster's bundle endpoint. */
    public SpiffeId endpointId() {
        return SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(trustDomain);
    }
}
