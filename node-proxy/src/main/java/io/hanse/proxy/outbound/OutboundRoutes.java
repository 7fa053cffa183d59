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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** From a chosen endpoint to the tunnels that lead there: one on the same network, two through a peer's gateway. */
public final class OutboundRoutes {

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

    /**
     * The ways to these endpoints in the order to try them: as the endpoints come, those through a gateway that rests last,
     * also behind ways to endpoints that were less liked. An endpoint of which no address is known has no way.
     */
    List<Attempt> to(List<Workload> endpoints, Workload client, ServiceName service, int port) {
        return ordered(endpoints, client, service, port, health::mayGoFirst);
    }

    /** The first way to an endpoint, as a call would take it; takes no trial of a gateway that rests. */
    public Optional<Route> preview(Workload endpoint, Workload client, ServiceName service, int port) {
        return ordered(List.of(endpoint), client, service, port, gateway -> !health.rests(gateway)).stream()
                .findFirst()
                .map(Attempt::route);
    }

    private List<Attempt> ordered(
            List<Workload> endpoints, Workload client, ServiceName service, int port, Predicate<HostPort> mayGoFirst) {
        // Asked once for each gateway: being told yes is taking the trial.
        Map<HostPort, Boolean> goesFirst = new HashMap<>();
        List<Attempt> first = new ArrayList<>();
        List<Attempt> last = new ArrayList<>();
        for (Workload endpoint : endpoints) {
            for (Attempt attempt : waysTo(endpoint, client, service, port)) {
                boolean awake = attempt.gateway().isEmpty()
                        || goesFirst.computeIfAbsent(attempt.gateway().get(), mayGoFirst::test);
                (awake ? first : last).add(attempt);
            }
        }
        first.addAll(last);
        return first;
    }

    private List<Attempt> waysTo(Workload endpoint, Workload client, ServiceName service, int port) {
        return endpoint.remote().isPresent()
                ? throughGateways(endpoint, endpoint.remote().get(), client, service, port)
                : direct(endpoint, client, service, port);
    }

    private List<Attempt> direct(Workload endpoint, Workload client, ServiceName service, int port) {
        if (endpoint.addresses().isEmpty()) {
            return List.of();
        }
        Route route = new Route.Direct(
                new InetSocketAddress(endpoint.addresses().getFirst(), hbonePort),
                Set.of(endpoint.spiffeId()),
                client.spiffeId(),
                authority(service, port),
                headers(client, false));
        return List.of(new Attempt(endpoint, Optional.empty(), route));
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
                        Set.of(endpoint.spiffeId()),
                        client.spiffeId(),
                        authority(service, port),
                        headers(client, true));
                attempts.add(new Attempt(endpoint, Optional.of(gateway), route));
            }
        }
        return attempts;
    }

    /** The ways a probe of an endpoint in a peer cluster may take, in the node's own name, in the order to try them. */
    public List<Route> probe(Workload endpoint, ServiceName service, int port) {
        List<HostPort> known = endpoint.remote().map(RemoteAccess::gateways).orElse(List.of());
        String endpointId = endpoint.remote().map(RemoteAccess::endpointId).orElse("");
        return awakeFirst(known).stream()
                .<Route>map(gateway -> new Route.ViaGateway(
                        gateway,
                        SystemIdentity.EAST_WEST_GATEWAY.in(endpoint.trustDomain()),
                        node,
                        endpointId + "." + authority(service, port),
                        true,
                        Set.of(endpoint.spiffeId()),
                        node,
                        HboneHeaders.PROBE_AUTHORITY,
                        RequestHeaders.NONE))
                .toList();
    }

    /** The ways a probe of a peer's gateways alone may take, in the order to try them. */
    public List<Route> toGateway(List<HostPort> peersGateways, TrustDomain peer) {
        return awakeFirst(peersGateways).stream()
                .<Route>map(gateway -> new Route.Direct(
                        gateway,
                        Set.of(SystemIdentity.EAST_WEST_GATEWAY.in(peer)),
                        node,
                        HboneHeaders.PROBE_AUTHORITY,
                        RequestHeaders.NONE))
                .toList();
    }

    private List<InetSocketAddress> awakeFirst(List<HostPort> known) {
        return known.stream()
                .sorted(Comparator.comparing(health::rests))
                .map(gateways::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private RequestHeaders headers(Workload client, boolean acrossNetworks) {
        RequestHeaders headers = RequestHeaders.of(
                "baggage",
                "k8s.cluster.name=" + cluster + ",k8s.namespace.name=" + client.namespace() + ",service.name="
                        + client.name());
        return acrossNetworks ? headers.with("x-forwarded-network", network) : headers;
    }

    private static String authority(ServiceName service, int port) {
        return service.hostname() + ":" + port;
    }
}
