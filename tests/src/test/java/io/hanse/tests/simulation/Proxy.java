/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.gateway.route.NextHop;
import io.hanse.gateway.route.Routes;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.proxy.endpoint.EndpointChoice;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.proxy.inbound.Judge;
import io.hanse.proxy.inbound.Verdict;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.LiveTrust;
import io.hanse.transport.tls.TlsPeer;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The data plane of a cluster, node and gateway as one: what it holds, and the product's decisions about it. */
final class Proxy {

    static final int HBONE_PORT = 15008;

    private static final Locality NOWHERE = new Locality("", "", "");

    private final TrustDomain own;
    private final BundleCell trust = new BundleCell();
    private final LiveTrust<Tunnel> live;
    private final EndpointHealth health;
    private final EndpointChoice choice;
    private final Routes routes;
    private final TreeMap<Long, Tunnel> tunnels = new TreeMap<>();
    private final List<Tunnel> withdrawn = new ArrayList<>();
    private CatalogImage image = CatalogImage.empty();
    private Judge judge;

    Proxy(World world, TrustDomain own, InstantSource clock) {
        this.own = own;
        this.live = new LiveTrust<>(clock, trust, (tunnel, refused) -> withdrawn.add(tunnel));
        this.health = new EndpointHealth(() -> world.sinceStart().toNanos());
        this.choice = new EndpointChoice(health, world.stream());
        this.routes = new Routes(HBONE_PORT, world.stream());
        this.judge = judge(image);
    }

    private Judge judge(CatalogImage by) {
        return new Judge(by, own, Truth.NODE, HBONE_PORT);
    }

    BundleMap trust() {
        return trust.current();
    }

    CatalogImage image() {
        return image;
    }

    /** A new bundle map: whoever no longer verifies is named, oldest first. */
    List<Tunnel> hear(BundleMap map) {
        trust.publish(map);
        List<Tunnel> ended = new ArrayList<>(withdrawn);
        withdrawn.clear();
        ended.sort(Comparator.comparingLong(tunnel -> tunnel.number));
        return ended;
    }

    /** A new image: open tunnels that it would refuse are named. */
    List<Tunnel> hear(CatalogImage next) {
        routes.publish(next, image.changesTo(next));
        image = next;
        judge = judge(next);
        return tunnels.values().stream()
                .filter(tunnel -> tunnel.server.proxy() == this)
                .filter(tunnel -> !(judge(tunnel.caller, tunnel.service, addressOf(tunnel)) instanceof Verdict.Allow))
                .toList();
    }

    private static InetAddress addressOf(Tunnel tunnel) {
        return tunnel.endpoint.addresses().getFirst();
    }

    /** Endpoints to try, in order. */
    List<Workload> endpoints(ServiceName name) {
        Optional<Service> service = image.service(name);
        return service.isEmpty() ? List.of() : choice.inOrder(service.get(), image.endpointsOf(name), NOWHERE);
    }

    void tried(Workload endpoint, boolean reached) {
        if (reached) {
            health.succeeded(endpoint.uid());
        } else {
            health.failed(endpoint.uid());
        }
    }

    NextHop route(String authority) {
        return routes.of(authority);
    }

    Verdict judge(SpiffeId caller, ServiceName service, InetAddress at) {
        return judge.judge(caller, authority(service), at, at);
    }

    static String authority(ServiceName service) {
        return service.hostname() + ":" + Truth.PORT;
    }

    void open(Tunnel tunnel, TlsPeer peer) {
        tunnels.put(tunnel.number, tunnel);
        live.admit(tunnel, peer);
        withdrawn.forEach(this::close);
        withdrawn.clear();
    }

    void close(Tunnel tunnel) {
        tunnels.remove(tunnel.number);
        live.forget(tunnel);
    }

    List<Tunnel> tunnels() {
        return List.copyOf(tunnels.values());
    }
}
