/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry;

import io.hanse.model.cluster.HostPort;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.replica.ReplicaSettings;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Section {@code cluster-registry} of {@code cluster.yaml}.
 *
 * @param listen key {@code listen}; default {@code <address>:15013}
 * @param imports keys {@code importLease} (how long a peer's endpoints are used without hearing from it; default 30s) and
 *     {@code importHoldDown} (how long the return of a peer that was lost again and again waits at most; default 5m)
 * @param heartbeat key {@code heartbeat}: how often a peer hears from us at least; default 3s
 * @param replicas keys {@code replicas} (all replicas, this one included; default: none, alone) and {@code
 *     replicaListen} (this replica's own address, loopback)
 */
record RegistryConfig(HostPort listen, ImportTerms imports, Duration heartbeat, ReplicaSettings replicas) {

    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);

    /** A few lost packets and a retransmission must not withdraw a cluster. */
    private static final Duration LEAST_LEASE = Duration.ofSeconds(3);

    private static final Duration MOST_LEASE = Duration.ofHours(1);
    private static final Duration USUAL_HOLD_DOWN = Duration.ofMinutes(5);

    /** Longer, and a person should decide. */
    private static final Duration MOST_HOLD_DOWN = Duration.ofHours(1);

    private static final Duration USUAL_HEARTBEAT = Duration.ofSeconds(3);
    private static final Duration LEAST_HEARTBEAT = Duration.ofMillis(500);
    private static final Duration MOST_HEARTBEAT = Duration.ofMinutes(1);

    /** Every member talks to every other. */
    private static final int MAX_REPLICAS = 16;

    /** Reads the section; problems are noted in it and reported by its {@code finish}. */
    static RegistryConfig read(Section section, ClusterConfig cluster) {
        HostPort listen = section.address("listen", cluster.ports().registry());
        Duration lease = section.duration("importLease", USUAL_LEASE, LEAST_LEASE, MOST_LEASE);
        Duration holdDown = section.duration("importHoldDown", USUAL_HOLD_DOWN, Duration.ZERO, MOST_HOLD_DOWN);
        Duration heartbeat = section.duration("heartbeat", USUAL_HEARTBEAT, LEAST_HEARTBEAT, MOST_HEARTBEAT);
        List<HostPort> replicas = section.list("replicas", RegistryConfig::loopback);
        Optional<HostPort> replicaListen = section.value("replicaListen", RegistryConfig::loopback);
        if (replicas.size() > MAX_REPLICAS) {
            section.problem("replicas", "%d (expected: at most %d)".formatted(replicas.size(), MAX_REPLICAS));
        }
        if (!replicas.isEmpty() && replicaListen.isEmpty()) {
            section.problem("replicas", "replicaListen is missing (expected: which of them this one is)");
        } else if (replicaListen.filter(own -> !replicas.contains(own)).isPresent()) {
            section.problem("replicaListen", "not one of replicas (expected: every replica in replicas)");
        }
        return new RegistryConfig(
                listen,
                new ImportTerms(lease, holdDown),
                heartbeat,
                new ReplicaSettings(
                        cluster.cluster(),
                        cluster.trustDomain(),
                        replicaListen,
                        replicaListen.isPresent() ? replicas : List.of()));
    }

    /** The replicas' wire is plain text and takes anybody in; only this machine may reach it. */
    private static HostPort loopback(String text) {
        HostPort address = HostPort.parse(text);
        try {
            if (InetAddress.ofLiteral(address.host()).isLoopbackAddress() && address.port() > 0) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // A name may resolve to anything; the message below asks for an address.
        }
        throw new IllegalArgumentException(
                "replica: %s (expected: a loopback address and port; other machines through a tunnel)".formatted(text));
    }
}
