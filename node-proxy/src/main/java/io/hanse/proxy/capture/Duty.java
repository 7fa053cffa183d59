/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.capture;

import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One listener that a workload's manifest asks for. */
public sealed interface Duty {

    /** Whose it is. */
    Workload workload();

    /** Where. */
    HostPort listen();

    /** A connection is a call of the workload. */
    record Out(Workload workload, NodeDuties.Outbound outbound) implements Duty {
        @Override
        public HostPort listen() {
            return outbound.listen();
        }
    }

    /** A connection is a plain-text call to the workload. */
    record In(Workload workload, NodeDuties.Inbound inbound) implements Duty {
        @Override
        public HostPort listen() {
            return inbound.listen();
        }
    }

    /** The duties of these workloads by address; where two claim one address, the first workload by uid has it. */
    static SortedMap<HostPort, Duty> of(Collection<Workload> workloads) {
        SortedMap<HostPort, Duty> duties = new TreeMap<>();
        for (Workload workload : workloads) {
            Optional<NodeDuties> asked = workload.duties();
            if (asked.isPresent()) {
                asked.get().outbound().forEach(out -> duties.putIfAbsent(out.listen(), new Out(workload, out)));
                asked.get().inbound().forEach(in -> duties.putIfAbsent(in.listen(), new In(workload, in)));
            }
        }
        return duties;
    }
}
