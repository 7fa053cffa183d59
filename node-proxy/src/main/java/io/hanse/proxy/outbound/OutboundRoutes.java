/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.transport.hbone.HboneHeaders;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** From a chosen endpoint to the tunnels that lead there: one on the same network, two through a peer's gateway. */
public final class OutboundRoutes {

    private static final String GATEWAY_KEY = "gateway ";

    private final SpiffeId node;
    private final String network;
    private final String cluster;
    private final int hbonePort;
    private final GatewayAddresses gateways;
    private final EndpointHealth health;

    /**
     * Routes of this node.
     *
     * @param node as whom outer tunnels are opened
     * @param hbonePort where proxies of this network take HBONE
     */
    public OutboundRoutes(
            SpiffeId node,
            String network,
            String cluster,
            int hbonePort,
            GatewayAddresses gateways,
            EndpointHealth health) {
        this.node = node;
        this.network = network;
        this.cluster = cluster;
        this.hbonePort = hbonePort;
        this.gateways = gateways;
        this.health = health;
    }

    /** The ways to an endpoint, best first; empty if no address of it is known. */
    List<Attempt> to(Workload endpoint, Workload client, ServiceName service, int port) {
        Optional<RemoteAccess> remote = endpoint.remote();
        return remote.isPresent()
                ? throughGateways(endpoint, remote.get(), client, service, port)
                : direct(endpoint, client, service, port);
    }

    private List<Attempt> direct(Workload endpoint, Workload client, ServiceName service, int port) {
        if (endpoint.addresses().isEmpty()) {
            return List.of();
        }
        Route route = new Route.Direct(
                new InetSocketAddress(endpoint.addresses().getFirst(), hbonePort),
                only(endpoint.spiffeId()),
                client.spiffeId(),
                authority(service, port),
                headers(client, false));
        return List.of(new Attempt(endpoint, "", route));
    }

    private List<Attempt> throughGateways(
            Workload endpoint, RemoteAccess remote, Workload client, ServiceName service, int port) {
        SpiffeId gatewayId = SystemIdentity.EAST_WEST_GATEWAY.in(endpoint.trustDomain());
        List<Attempt> attempts = new ArrayList<>();
        for (HostPort gateway : remote.gateways()) {
            Optional<InetSocketAddress> address = gateways.of(gateway);
            if (address.isPresent()) {
                Route route = new Route.ViaGateway(
                        address.get(),
                        gatewayId,
                        node,
                        remote.endpointId() + "." + authority(service, port),
                        true,
                        only(endpoint.spiffeId()),
                        client.spiffeId(),
                        authority(service, port),
                        headers(client, true));
                attempts.add(new Attempt(endpoint, healthKey(gateway), route));
            }
        }
        attempts.sort(Comparator.comparing(attempt -> !health.mayGoFirst(attempt.gateway())));
        return attempts;
    }

    /** The first way to an endpoint, as a call would take it. */
    public Optional<Route> preview(Workload endpoint, Workload client, ServiceName service, int port) {
        return to(endpoint, client, service, port).stream().findFirst().map(Attempt::route);
    }

    /** Whether a health key is a gateway's. */
    public static boolean isGateway(String key) {
        return key.startsWith(GATEWAY_KEY);
    }

    /** The way a probe of an endpoint in a peer cluster takes, in the node's own name. */
    public Optional<Route> probe(Workload endpoint, ServiceName service, int port) {
        return endpoint.remote()
                .flatMap(remote -> remote.gateways().stream()
                        .map(gateways::of)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(gateway -> new Route.ViaGateway(
                                gateway,
                                SystemIdentity.EAST_WEST_GATEWAY.in(endpoint.trustDomain()),
                                node,
                                remote.endpointId() + "." + authority(service, port),
                                true,
                                only(endpoint.spiffeId()),
                                node,
                                HboneHeaders.PROBE_AUTHORITY,
                                RequestHeaders.NONE)));
    }

    /** The way a probe of a peer's gateway alone takes. */
    public Optional<Route> toGateway(List<HostPort> peersGateways, TrustDomain peer) {
        return peersGateways.stream()
                .map(gateways::of)
                .flatMap(Optional::stream)
                .findFirst()
                .map(gateway -> new Route.Direct(
                        gateway,
                        only(SystemIdentity.EAST_WEST_GATEWAY.in(peer)),
                        node,
                        HboneHeaders.PROBE_AUTHORITY,
                        RequestHeaders.NONE));
    }

    /** What a gateway's health is kept under; no workload's uid looks like it. */
    private static String healthKey(HostPort gateway) {
        return GATEWAY_KEY + gateway;
    }

    private RequestHeaders headers(Workload client, boolean acrossNetworks) {
        Map<String, String> headers = new java.util.TreeMap<>();
        headers.put(
                "baggage",
                "k8s.cluster.name=%s,k8s.namespace.name=%s,service.name=%s"
                        .formatted(cluster, client.namespace(), client.name()));
        if (acrossNetworks) {
            headers.put("x-forwarded-network", network);
        }
        return RequestHeaders.of(headers);
    }

    private static String authority(ServiceName service, int port) {
        return service.hostname() + ":" + port;
    }

    private static SortedSet<SpiffeId> only(SpiffeId id) {
        return new TreeSet<>(List.of(id));
    }
}
