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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of peers' gateways, resolved ahead of calls. Literals need no resolving; names are looked up by
 * {@link #refresh}, and the last answer holds while a look-up fails (fail static). Any thread.
 */
public final class GatewayAddresses {

    /** What looks up a name, and blocks. */
    interface Resolver {
        InetAddress of(String host) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GatewayAddresses.class);

    private final Map<HostPort, InetSocketAddress> resolved = new ConcurrentHashMap<>();
    private final Resolver resolver;
    private final Lock looking = new ReentrantLock();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile Set<HostPort> ofPeers = Set.of();

    /** Asks the resolver of this machine. */
    public GatewayAddresses() {
        this(InetAddress::getByName);
    }

    GatewayAddresses(Resolver resolver) {
        this.resolver = resolver;
    }

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

    /**
     * Looks up the names of every gateway and forgets the others. Blocks as long as DNS does, unless another does so: that
     * one then looks once more, however many have asked meanwhile.
     */
    public void refresh(Supplier<CatalogImage> catalog) {
        wanted.set(true);
        while (wanted.get() && looking.tryLock()) {
            try {
                if (wanted.getAndSet(false)) {
                    lookUpAll(catalog.get());
                }
            } finally {
                looking.unlock();
            }
        }
    }

    private void lookUpAll(CatalogImage image) {
        Set<HostPort> known = known(image);
        resolved.keySet().retainAll(known);
        known.forEach(this::lookUp);
    }

    private void lookUp(HostPort gateway) {
        try {
            resolved.put(gateway, new InetSocketAddress(resolver.of(gateway.host()), gateway.port()));
        } catch (UnknownHostException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.ADDRESS, gateway)
                    .addKeyValue(LogKeys.NEXT, "check the gateway's DNS name with its operator")
                    .log("the name of a peer's gateway does not resolve; the last address is kept");
        }
    }
}
