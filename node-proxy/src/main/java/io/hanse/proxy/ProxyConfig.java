/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.hbone.HboneSettings;
import io.hanse.transport.hbone.HboneLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The section {@code node-proxy} of cluster.yaml.
 *
 * @param node key {@code node}: this machine's name in the cluster; default: what {@code --node} said, else the shell's
 * @param threads key {@code threads}: event loops, 1 to 64; default 2
 * @param hbonePort key {@code hbonePort}: where proxies of this cluster take HBONE, each on its workloads' own addresses;
 *     default 15008
 * @param svidTtl key {@code svidTtl}: how long workload certificates shall live; zero leaves it to spiffe-ca; default 0s
 * @param probePeriod key {@code probePeriod}: between two probes of a peer; default 5s
 * @param limits key {@code maxConnections} (default 10000) and group {@code limits}: what a peer may cost this process
 * @param workloadApi key {@code workloadApi}: the folder of the Workload API's sockets, which every user may pass; default
 *     {@code sockets/<node>} beside the file
 */
record ProxyConfig(
        String node,
        int threads,
        int hbonePort,
        Duration svidTtl,
        Duration probePeriod,
        HboneLimits limits,
        Path workloadApi) {

    /** Applications share the machine: two loops carry 30,000 requests a second, more would take from them. */
    private static final int USUAL_THREADS = 2;

    private static final TrustDomain ANY = new TrustDomain("example");
    private static final int HBONE_PORT = 15008;
    private static final Duration USUAL_PROBE_PERIOD = Duration.ofSeconds(5);

    /** Reads the section; problems are noted in it, whose {@code finish} the caller calls. */
    static ProxyConfig read(Section section, String shellsNode) {
        String node = section.value("node", ProxyConfig::node, shellsNode);
        return new ProxyConfig(
                node,
                section.integer("threads", USUAL_THREADS, 1, 64),
                section.integer("hbonePort", HBONE_PORT, 1, 65535),
                section.duration("svidTtl", Duration.ZERO, Duration.ZERO, Duration.ofDays(1)),
                section.duration("probePeriod", USUAL_PROBE_PERIOD, Duration.ofMillis(100), Duration.ofHours(1)),
                HboneSettings.read(section),
                section.path("workloadApi", "sockets/" + node));
    }

    /** A name that can stand in the node's SPIFFE ID. */
    private static String node(String text) {
        SpiffeId id;
        try {
            id = SystemIdentity.node(ANY, text);
        } catch (InvalidSpiffeId e) {
            throw new IllegalArgumentException(
                    "node: %s (expected: letters, digits, '.', '-', '_')".formatted(text), e);
        }
        return SystemIdentity.nodeName(id)
                .orElseThrow(() -> new IllegalArgumentException("node: %s (expected: no '/')".formatted(text)));
    }
}
