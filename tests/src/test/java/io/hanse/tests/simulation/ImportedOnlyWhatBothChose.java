/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.registry.catalog.Published;
import io.hanse.runtime.trust.Relationship;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Invariant 5: an endpoint of a peer is used only for a service that this operator made global and the peer's operator
 * exported, with the peer's own identity, at the peer's own gateways. What was true when the peer was last heard counts; news
 * may be on its way for as long as a connection is kept that says nothing, and is on disk some seconds later.
 */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class ImportedOnlyWhatBothChose implements Law {

    private static final Duration NEWS = Pace.KEEPALIVE
            .plus(Pace.LATENCY)
            .plus(Pace.LOCAL_PUSH.multipliedBy(2))
            .plus(Duration.ofSeconds(5));

    /** An image and what was said by then: where both are as they were, and all is as it was last said, all still is. */
    private record Lawful(Published published, Object live, long declarations) {

        boolean is(Published now, Object liveNow, long declarationsNow) {
            return published == now && live == liveNow && declarations == declarationsNow;
        }
    }

    /** The word that takes an endpoint away has been heard, and is being acted on. */
    private static final Duration TAKING = Duration.ofSeconds(1);

    private final Map<String, Instant> suspects = new HashMap<>();
    private final Map<Cluster, Lawful> lawful = new HashMap<>();

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            cluster.registry().published().ifPresent(published -> look(league, cluster, published));
        }
    }

    private void look(League league, Cluster cluster, Published published) {
        Lawful before = lawful.get(cluster);
        if (before != null && before.is(published, cluster.registry().live(), league.declarations())) {
            return;
        }
        boolean asSaidNow = true;
        for (Workload workload : published.image().workloads().values()) {
            if (workload.remote().isPresent()) {
                look(league, cluster, workload);
                asSaidNow &= isAsSaidNow(league, cluster, workload);
            }
        }
        if (asSaidNow) {
            lawful.put(cluster, new Lawful(published, cluster.registry().live(), league.declarations()));
        }
    }

    private static boolean isAsSaidNow(League league, Cluster cluster, Workload workload) {
        Cluster exporter = league.of(workload.trustDomain()).orElseThrow();
        return workload.services().keySet().stream()
                .allMatch(service -> isGlobal(cluster.truth().now(), service)
                        && (exporter.lies() || exports(exporter.truth().now(), service, workload.name())));
    }

    private void look(League league, Cluster cluster, Workload workload) {
        Optional<Relationship> peer = cluster.registry().live().stream()
                .filter(one -> one.trustDomain().equals(workload.trustDomain()))
                .findFirst();
        if (peer.isEmpty()) {
            throw broken("%s uses %s and has no relationship with it".formatted(cluster, workload.uid()));
        }
        boolean own =
                workload.remote().orElseThrow().gateways().equals(peer.get().gateways())
                        && workload.addresses().isEmpty()
                        && workload.uid().startsWith(peer.get().trustDomain() + "/")
                        && !workload.namespace().equals("hanse-system")
                        && workload.spiffeId().trustDomain().equals(peer.get().trustDomain());
        if (!own) {
            throw broken("%s uses %s, which its peer may not say".formatted(cluster, workload));
        }
        Cluster exporter = league.of(workload.trustDomain()).orElseThrow();
        for (ServiceName service : workload.services().keySet()) {
            if (!cluster.truth()
                    .was(truth -> isGlobal(truth, service), cluster.registry().behind())) {
                throw broken("%s uses an endpoint of %s for %s, which its operator did not make global"
                        .formatted(cluster, exporter, service));
            }
            Instant heard = league.lastHeard(cluster, exporter).orElse(World.START);
            Duration news = NEWS.plus(exporter.registry().behind())
                    .plus(Duration.between(heard, league.world().now()));
            boolean exported =
                    exporter.lies() || exporter.truth().was(truth -> exports(truth, service, workload.name()), news);
            String suspect = cluster + "<" + workload.uid() + "/" + service;
            if (exported) {
                suspects.remove(suspect);
            } else if (!league.world()
                    .now()
                    .isBefore(suspects.computeIfAbsent(
                                    suspect, fresh -> league.world().now())
                            .plus(TAKING))) {
                throw broken("%s uses %s for %s, which %s has not exported for %s"
                        .formatted(cluster, workload.name(), service, exporter, news));
            }
        }
    }

    private static boolean isGlobal(Truth truth, ServiceName service) {
        Truth.Annotation annotation = truth.services().get(service);
        return annotation != null && annotation.isGlobal();
    }

    private static boolean exports(Truth truth, ServiceName service, String endpoint) {
        Truth.Annotation annotation = truth.services().get(service);
        Truth.Endpoint held = truth.endpoints().get(endpoint);
        return annotation != null
                && annotation.isExported()
                && held != null
                && held.service().equals(service);
    }
}
