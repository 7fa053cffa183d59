/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.trust.Relationship;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of peers' gateways, resolved ahead of calls. Literals need no resolving; names are looked up by
 * {@link #refresh}, and the last answer holds while a look-up fails (fail static). Any thread.
 */
public final class GatewayAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayAddresses.class);

    private final Map<HostPort, InetSocketAddress> resolved = new ConcurrentHashMap<>();
    private volatile Set<HostPort> ofPeers = Set.of();

    /** From now on looks up these too: gateways of peers from whom nothing is imported yet. */
    public void publish(List<Relationship> peers) {
        ofPeers = peers.stream().flatMap(peer -> peer.gateways().stream()).collect(Collectors.toSet());
    }

    /** The address of a gateway; empty while its name has never been resolved. Never blocks. */
    public Optional<InetSocketAddress> of(HostPort gateway) {
        InetSocketAddress known = resolved.get(gateway);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(gateway.host()), gateway.port()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Every gateway that the catalog and the relationships name. */
    public Set<HostPort> known(CatalogImage image) {
        Set<HostPort> known = new HashSet<>(ofPeers);
        for (Workload workload : image.workloads().values()) {
            workload.remote().ifPresent(remote -> known.addAll(remote.gateways()));
        }
        return known;
    }

    /** Looks up the names of every gateway and forgets the others; blocks as long as DNS does, one caller at a time. */
    public synchronized void refresh(CatalogImage image) {
        Set<HostPort> known = known(image);
        resolved.keySet().retainAll(known);
        known.forEach(this::lookUp);
    }

    private void lookUp(HostPort gateway) {
        try {
            resolved.put(gateway, new InetSocketAddress(InetAddress.getByName(gateway.host()), gateway.port()));
        } catch (UnknownHostException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.ADDRESS, gateway)
                    .addKeyValue(LogKeys.NEXT, "check the gateway's DNS name with its operator")
                    .log("the name of a peer's gateway does not resolve; the last address is kept");
        }
    }
}
