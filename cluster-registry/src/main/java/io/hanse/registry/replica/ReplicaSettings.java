/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import java.util.List;
import java.util.Optional;

/**
 * Who replicates with whom. Hazelcast's wire is plain text and lets anybody join, so a member listens on loopback only;
 * replicas on other machines reach it through a tunnel of ours.
 *
 * @param listen where this member listens; empty: any free loopback port
 * @param replicas every member, this one included; empty: none but this one
 */
public record ReplicaSettings(
        ClusterName cluster, TrustDomain trustDomain, Optional<HostPort> listen, List<HostPort> replicas) {

    public ReplicaSettings {
        replicas = List.copyOf(replicas);
        if (!replicas.isEmpty() && listen.isEmpty()) {
            throw new IllegalArgumentException("replicaListen: missing (expected: this replica's own address)");
        }
    }
}
