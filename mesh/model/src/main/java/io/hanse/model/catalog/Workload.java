/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.PolicyName;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that runs and may be an endpoint of services.
 *
 * @param uid unique in the mesh, e.g. {@code lubeck/hanse.io/Workload/shop/api-server-1}
 * @param addresses own IP addresses, empty for an endpoint in a peer cluster
 * @param node the node whose proxy serves it, empty for an endpoint in a peer cluster
 * @param healthy as its owner says
 * @param weight relative share of calls, at least 1
 * @param services which services it serves, with the ports where they differ from the service's own
 * @param policies authorization policies that select it by name; namespace and mesh policies apply besides
 * @param remote how to reach it, if it is in a peer cluster
 * @param duties what its node does for it; present only where that node reads
 */
public record Workload(
        String uid,
        String name,
        String namespace,
        String serviceAccount,
        TrustDomain trustDomain,
        ClusterName cluster,
        String network,
        String node,
        List<InetAddress> addresses,
        Locality locality,
        boolean healthy,
        int weight,
        SortedMap<ServiceName, List<ServicePort>> services,
        List<PolicyName> policies,
        Optional<RemoteAccess> remote,
        Optional<NodeDuties> duties) {

    public Workload {
        addresses = List.copyOf(addresses);
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        policies = List.copyOf(policies);
        if (weight < 1) {
            throw new IllegalArgumentException("weight: %d (expected: at least 1)".formatted(weight));
        }
    }

    /** The same, serving these services. */
    public Workload withServices(Map<ServiceName, List<ServicePort>> other) {
        return new Workload(
                uid,
                name,
                namespace,
                serviceAccount,
                trustDomain,
                cluster,
                network,
                node,
                addresses,
                locality,
                healthy,
                weight,
                new TreeMap<>(other),
                policies,
                remote,
                duties);
    }

    /** The identity its proxy presents and its callers expect. */
    public SpiffeId spiffeId() {
        return SpiffeId.ofServiceAccount(trustDomain, namespace, serviceAccount);
    }
}
