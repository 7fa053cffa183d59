/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.telemetry.LogKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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

    /** Looks up the names of every gateway in the catalog and forgets the others; blocks as long as DNS does. */
    public void refresh(CatalogImage image) {
        Set<HostPort> named = image.workloads().values().stream()
                .map(Workload::remote)
                .flatMap(Optional::stream)
                .map(RemoteAccess::gateways)
                .flatMap(java.util.List::stream)
                .collect(Collectors.toSet());
        resolved.keySet().retainAll(named);
        named.forEach(this::lookUp);
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
