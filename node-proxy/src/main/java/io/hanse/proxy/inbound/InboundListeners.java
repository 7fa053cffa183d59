/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.InWords;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.hbone.HboneServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes HBONE at the addresses of this node's workloads, following the catalog. An address that cannot be bound is
 * reported, shown and tried again; the others work. {@link #publish} and {@link #retry} take turns and block.
 */
public final class InboundListeners {

    private static final Logger LOG = LoggerFactory.getLogger(InboundListeners.class);

    private final HboneServer server;
    private final int hbonePort;
    private final Set<InetSocketAddress> bound = new HashSet<>();
    private final Map<InetSocketAddress, String> problems = new ConcurrentHashMap<>();
    private Set<InetSocketAddress> wanted = Set.of();

    /** Listens nowhere yet. */
    public InboundListeners(HboneServer server, int hbonePort) {
        this.server = server;
        this.hbonePort = hbonePort;
    }

    /** Listens for these workloads, and for no others; tunnels of a workload that left are ended by policy's look. */
    public synchronized void publish(Collection<Workload> workloads) {
        Set<InetSocketAddress> next = new HashSet<>();
        for (Workload workload : workloads) {
            for (InetAddress address : workload.addresses()) {
                next.add(new InetSocketAddress(address, hbonePort));
            }
        }
        wanted = next;
        bound.removeIf(address -> {
            if (!next.contains(address)) {
                server.unbind(address).join();
                return true;
            }
            return false;
        });
        problems.keySet().retainAll(next);
        retry();
    }

    /** Binds what is wanted and not bound. */
    public synchronized void retry() {
        for (InetSocketAddress address : wanted) {
            if (!bound.contains(address)) {
                bind(address);
            }
        }
    }

    /** Addresses that could not be bound, and why. */
    public Map<String, String> problems() {
        Map<String, String> now = new TreeMap<>();
        problems.forEach((address, why) ->
                now.put(new HostPort(address.getAddress().getHostAddress(), hbonePort).toString(), why));
        return now;
    }

    private void bind(InetSocketAddress address) {
        try {
            server.bind(address).join();
            bound.add(address);
            problems.remove(address);
        } catch (CompletionException e) {
            String why = InWords.of(e.getCause() == null ? e : e.getCause());
            if (!why.equals(problems.put(address, why))) {
                LOG.atError()
                        .addKeyValue(LogKeys.ADDRESS, address)
                        .addKeyValue(LogKeys.REASON, why)
                        .addKeyValue(
                                LogKeys.NEXT,
                                "give each workload an address of its own on this machine, see 'address' in its manifest")
                        .log("HBONE cannot be taken at a workload's address");
            }
        }
    }
}
