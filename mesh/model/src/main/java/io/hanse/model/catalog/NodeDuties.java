/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import io.hanse.model.cluster.HostPort;
import java.util.List;

/**
 * What the node that hosts a workload does for it.
 *
 * @param selectors facts of a process that make it this workload ({@code uid:1000}), all of which must hold
 * @param outbound explicit listeners: a connection to one is a call of this workload
 * @param inbound plain-text listeners in front of the workload's ports
 */
public record NodeDuties(List<String> selectors, List<Outbound> outbound, List<Inbound> inbound) {

    public NodeDuties {
        selectors = List.copyOf(selectors);
        outbound = List.copyOf(outbound);
        inbound = List.copyOf(inbound);
    }

    /** A connection to {@code listen} is a call to {@code port} of {@code service}. */
    public record Outbound(HostPort listen, ServiceName service, int port) {}

    /** A plain connection to {@code listen} reaches {@code port} of the workload, under policy, with no caller. */
    public record Inbound(HostPort listen, int port) {}
}
