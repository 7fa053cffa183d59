/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.proxy.identity.WorkloadSvids;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.xds.CatalogSource;
import io.hanse.transport.tls.X509Svid;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What this node proves itself with in a handshake, as a workload or as itself, by the newest image. Any thread. */
record LocalIdentities(CatalogSource catalog, String node, SpiffeId self, OwnSvid own, WorkloadSvids svids) {

    /** The SVID of the workload that has this address. */
    Optional<X509Svid> at(InetSocketAddress address) {
        return workloadAt(address).flatMap(workload -> svids.of(workload.spiffeId()));
    }

    /** The SVID of one who calls: a workload of this node, or the node itself towards gateways. */
    Optional<X509Svid> of(SpiffeId client) {
        return client.equals(self) ? own.current() : svids.of(client);
    }

    /** The workload of this node that has this address. */
    Optional<Workload> workloadAt(InetSocketAddress address) {
        // Of this node's only: whoever claims the address elsewhere must not take it from its owner.
        return catalog.current().onNode(node).stream()
                .filter(workload -> workload.addresses().contains(address.getAddress()))
                .findFirst();
    }
}
