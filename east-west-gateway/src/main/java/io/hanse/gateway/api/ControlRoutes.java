/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.api;

import io.hanse.gateway.listener.PeerTunnels;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Reply;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.LiveConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The gateway's control routes. */
public final class ControlRoutes {

    private final TrustDomain own;
    private final List<HostPort> advertised;
    private final Supplier<BundleMap> bundles;
    private final BooleanSupplier catalogConnected;
    private final HboneServer server;
    private final PeerTunnels tunnels;

    /** Routes over these parts. */
    public ControlRoutes(
            TrustDomain own,
            List<HostPort> advertised,
            Supplier<BundleMap> bundles,
            BooleanSupplier catalogConnected,
            HboneServer server,
            PeerTunnels tunnels) {
        this.own = own;
        this.advertised = List.copyOf(advertised);
        this.bundles = bundles;
        this.catalogConnected = catalogConnected;
        this.server = server;
        this.tunnels = tunnels;
    }

    /** Adds the routes. */
    public void addTo(ControlApi control) {
        control.get("/v1/status", request -> Reply.json(status()))
                .get("/v1/connections", request -> Reply.json(connections()));
    }

    /** Who may come in, and what each peer holds. */
    private record Status(
            TrustDomain trustDomain,
            List<HostPort> advertised,
            List<TrustDomain> peers,
            boolean registryConnected,
            int connections,
            Map<String, Integer> tunnelsByPeer) {}

    private record Connection(String peer, String remoteAddress, List<String> tunnels) {}

    private record Connections(List<Connection> connections) {}

    private Status status() {
        Map<String, Integer> byPeer = new TreeMap<>();
        tunnels.openTunnels().forEach((peer, count) -> byPeer.put(peer.name(), count));
        return new Status(
                own,
                advertised,
                bundles.get().bundles().keySet().stream()
                        .filter(peer -> !peer.equals(own))
                        .toList(),
                catalogConnected.getAsBoolean(),
                server.connections().size(),
                byPeer);
    }

    private Connections connections() {
        return new Connections(
                server.connections().stream().map(ControlRoutes::connection).toList());
    }

    private static Connection connection(LiveConnection live) {
        return new Connection(
                live.peer().id().toString(),
                HostPort.of(live.remoteAddress()).toString(),
                live.tunnels().stream().map(tunnel -> tunnel.authority()).toList());
    }
}
