/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.hbone.HboneSettings;
import io.hanse.transport.hbone.HboneLimits;
import java.util.List;

/**
 * The section {@code east-west-gateway} of cluster.yaml.
 *
 * @param listen key {@code listen}: the one port; default {@code <address>:15008}
 * @param advertised what the key &quot;advertise&quot; lists: what peers are told; read by trust-bundle-exchange too
 * @param threads key {@code threads}: event loops, 1 to 64; default 2
 * @param hbonePort key {@code hbonePort}: where this cluster's proxies take HBONE; default 15008
 * @param limits key {@code maxConnections} (default 10000) and group {@code limits}: what a peer may cost this process
 * @param maxTunnelsPerPeer key {@code maxTunnelsPerPeer}: tunnels one peer may hold at once; default 10000
 */
record GatewayConfig(
        HostPort listen,
        List<HostPort> advertised,
        int threads,
        int hbonePort,
        HboneLimits limits,
        int maxTunnelsPerPeer) {

    /** A gateway is its own process; a third loop has nothing to run on beside the proxies of a small machine. */
    private static final int USUAL_THREADS = 2;

    private static final int HBONE_PORT = 15008;

    private static final int USUAL_TUNNELS_PER_PEER = 10_000;

    GatewayConfig {
        advertised = List.copyOf(advertised);
    }

    /** Reads the section; problems are noted in it, whose {@code finish} the caller calls. */
    static GatewayConfig read(Section section, ClusterConfig cluster) {
        HostPort listen = section.address("listen", cluster.ports().gateway());
        List<HostPort> advertised = section.list("advertise", HostPort::parse);
        return new GatewayConfig(
                listen,
                advertised.isEmpty() ? List.of(listen) : advertised,
                section.integer("threads", USUAL_THREADS, 1, 64),
                section.integer("hbonePort", HBONE_PORT, 1, 65535),
                HboneSettings.read(section),
                section.integer("maxTunnelsPerPeer", USUAL_TUNNELS_PER_PEER, 1, 1_000_000));
    }
}
