/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.probe;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.outbound.OutboundRoutes;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.trust.Relationship;
import io.hanse.transport.hbone.Hop;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Probes every peer again and again and remembers what was found last. */
public final class PeerProbes implements AutoCloseable {

    /** Late for a probe, early for an operator who looks. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Ways tried in one probe: a peer's first gateway may be down while its others carry calls. */
    private static final int MAX_WAYS = 4;

    private final Supplier<CatalogImage> catalog;
    private final OutboundRoutes routes;
    private final TunnelPool pool;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Duration period;
    private final Map<TrustDomain, PeerProbe> last = new ConcurrentHashMap<>();
    private final Map<TrustDomain, Cancellable> running = new ConcurrentHashMap<>();
    private volatile Map<TrustDomain, Relationship> peers = Map.of();

    /**
     * Probes nobody yet.
     *
     * @param period between two probes of a peer
     */
    public PeerProbes(
            Supplier<CatalogImage> catalog,
            OutboundRoutes routes,
            TunnelPool pool,
            Scheduler scheduler,
            InstantSource clock,
            Duration period) {
        this.catalog = catalog;
        this.routes = routes;
        this.pool = pool;
        this.scheduler = scheduler;
        this.clock = clock;
        this.period = period;
    }

    /** Probes these peers from now on, and no others. */
    public synchronized void publish(List<Relationship> relationships) {
        Map<TrustDomain, Relationship> next = new java.util.TreeMap<>();
        relationships.forEach(relationship -> next.put(relationship.trustDomain(), relationship));
        peers = next;
        running.forEach((peer, task) -> {
            if (!next.containsKey(peer)) {
                task.cancel();
                running.remove(peer);
                last.remove(peer);
            }
        });
        for (TrustDomain peer : next.keySet()) {
            if (!running.containsKey(peer)) {
                running.put(peer, scheduler.every(period, () -> probe(peer)));
                scheduler.now(() -> probe(peer));
            }
        }
    }

    /** What was found last, by peer. */
    public List<PeerProbe> results() {
        return last.values().stream()
                .sorted(Comparator.comparing(PeerProbe::peer))
                .toList();
    }

    @Override
    public synchronized void close() {
        running.values().forEach(Cancellable::cancel);
    }

    private void probe(TrustDomain peer) {
        Relationship relationship = peers.get(peer);
        if (relationship == null) {
            return;
        }
        List<Route> toEndpoint = endpointOf(peer).map(this::toEndpoint).orElse(List.of());
        boolean imports = !toEndpoint.isEmpty();
        List<Route> ways = imports ? toEndpoint : routes.toGateway(relationship.gateways(), peer);
        String reach = imports ? "endpoint" : "gateway";
        PeerProbe found =
                result(peer, reach, ReasonCode.PEER_UNREACHABLE, Duration.ZERO, "no address of its gateway is known");
        for (Route way : ways.stream().limit(MAX_WAYS).toList()) {
            found = ask(peer, reach, way);
            if (found.ok()) {
                break;
            }
        }
        remember(found);
    }

    private synchronized void remember(PeerProbe found) {
        if (peers.containsKey(found.peer())) {
            last.put(found.peer(), found);
        }
    }

    /** An endpoint that its owner calls healthy, if there is one: a probe is about the way, not about that workload. */
    private Optional<Workload> endpointOf(TrustDomain peer) {
        return catalog.get().workloads().values().stream()
                .filter(workload -> workload.remote().isPresent()
                        && workload.trustDomain().equals(peer)
                        && !workload.services().isEmpty())
                .min(Comparator.comparing(workload -> !workload.healthy()));
    }

    private List<Route> toEndpoint(Workload endpoint) {
        var served = endpoint.services().firstEntry();
        Optional<ServicePort> port = served.getValue().stream()
                .findFirst()
                .or(() -> catalog.get()
                        .service(served.getKey())
                        .flatMap(service -> service.ports().stream().findFirst()));
        return port.map(p -> routes.probe(endpoint, served.getKey(), p.port())).orElse(List.of());
    }

    private PeerProbe ask(TrustDomain peer, String reach, Route route) {
        ProbeOutcome outcome = pool.probe(route)
                .completeOnTimeout(
                        new ProbeOutcome.NotAnswered(
                                new OpenOutcome.Failed(Hop.GATEWAY, ReasonCode.IDLE_TIMEOUT, "no answer in time")),
                        PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS)
                .join();
        return switch (outcome) {
            case ProbeOutcome.Answered answered -> result(peer, reach, ReasonCode.OK, answered.roundTrip(), "");
            case ProbeOutcome.NotAnswered not ->
                switch (not.outcome()) {
                    case OpenOutcome.Failed failed ->
                        result(peer, reach, failed.reason(), Duration.ZERO, failed.detail());
                    case OpenOutcome.Refused refused ->
                        result(peer, reach, refused.reason(), Duration.ZERO, "answered " + refused.status());
                    case OpenOutcome.Opened opened -> result(peer, reach, ReasonCode.OK, Duration.ZERO, "");
                };
        };
    }

    private PeerProbe result(TrustDomain peer, String reach, ReasonCode reason, Duration roundTrip, String detail) {
        return new PeerProbe(peer, reach, reason, roundTrip, clock.instant(), detail);
    }
}
