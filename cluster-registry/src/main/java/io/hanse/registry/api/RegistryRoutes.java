/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.api;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.Published;
import io.hanse.registry.export.ExportView;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.replica.ImportStore;
import io.hanse.registry.source.Problem;
import io.hanse.registry.xds.AdsServer;
import io.hanse.registry.xds.StreamStatus;
import io.hanse.registry.xds.Subscriber;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.trust.RelationshipStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The registry's routes: {@code /v1/status}, services, workloads, peers, problems, policies and streams. */
public final class RegistryRoutes {

    private final ClusterFacts facts;
    private final Catalog catalog;
    private final AdsServer ads;
    private final PeerImports imports;
    private final RelationshipStream relationships;
    private final ImportStore store;

    /** Routes that read these. */
    public RegistryRoutes(
            ClusterFacts facts,
            Catalog catalog,
            AdsServer ads,
            PeerImports imports,
            RelationshipStream relationships,
            ImportStore store) {
        this.facts = facts;
        this.catalog = catalog;
        this.ads = ads;
        this.imports = imports;
        this.relationships = relationships;
        this.store = store;
    }

    /** Adds them. */
    public void addTo(ControlApi control) {
        control.get("/v1/status", request -> Reply.json(status()))
                .get("/v1/services", request -> Reply.json(ServiceRoutes.services(catalog.current())))
                .get("/v1/workloads", request -> Reply.json(ServiceRoutes.workloads(catalog.current())))
                .get("/v1/peers", request -> Reply.json(PeerRoutes.peers(catalog.current(), ads, imports)))
                .get("/v1/problems", request -> Reply.json(problems(catalog.current())))
                .get("/v1/policies", request -> Reply.json(policies(catalog.current())))
                .get(
                        "/v1/streams",
                        request -> Reply.json(
                                ads.streams().stream().map(StreamShown::of).toList()));
    }

    record Status(
            String cluster,
            String trustDomain,
            int services,
            int exported,
            int workloads,
            int policies,
            int peers,
            long importedEndpoints,
            int streams,
            long refusedStreams,
            boolean exchangeConnected,
            List<String> replicas,
            long catalogVersion,
            String lastChange,
            Instant changedAt,
            List<ProblemShown> problems) {}

    record ProblemShown(String severity, String file, int line, String message) {

        static ProblemShown of(Problem problem) {
            return new ProblemShown(
                    problem.severity().name().toLowerCase(Locale.ROOT),
                    problem.place().file(),
                    problem.place().line(),
                    problem.message());
        }
    }

    record PolicyShown(
            String name, String scope, String action, int rules, boolean dryRun, List<String> guards, String text) {}

    record StreamShown(
            String client,
            String kind,
            String node,
            Instant since,
            Instant lastSent,
            Instant lastHeard,
            Map<String, StreamStatus.Counts> types,
            Optional<StreamStatus.Nack> lastNack) {

        static StreamShown of(StreamStatus status) {
            Map<String, StreamStatus.Counts> types = new TreeMap<>();
            status.types().forEach((type, counts) -> types.put(type.url(), counts));
            String kind = switch (status.subscriber()) {
                case Subscriber.Node node -> "node";
                case Subscriber.Member member -> "member";
                case Subscriber.Peer peer -> "peer";
                case Subscriber.Stranger stranger -> "stranger";
            };
            return new StreamShown(
                    status.client().toString(),
                    kind,
                    status.node(),
                    status.since(),
                    status.lastSent(),
                    status.lastHeard(),
                    types,
                    status.lastNack());
        }
    }

    private Status status() {
        Published now = catalog.current();
        CatalogImage local = now.local().image();
        return new Status(
                facts.cluster().name(),
                facts.trustDomain().name(),
                local.services().size(),
                ExportView.names(local).size(),
                local.workloads().size(),
                local.policies().size(),
                imports.status().size(),
                now.image().workloads().values().stream()
                        .filter(workload -> workload.remote().isPresent())
                        .count(),
                ads.streamCount(),
                ads.refusedStreams(),
                relationships.connected(),
                store.members(),
                now.provenance().version(),
                now.provenance().cause(),
                now.provenance().at(),
                problems(now));
    }

    private static List<ProblemShown> problems(Published now) {
        return now.local().problems().stream().map(ProblemShown::of).toList();
    }

    private static List<PolicyShown> policies(Published now) {
        CatalogImage local = now.local().image();
        return local.policies().values().stream()
                .map(policy -> new PolicyShown(
                        policy.name().toString(),
                        policy.scope().name().toLowerCase(Locale.ROOT),
                        policy.action().name().toLowerCase(Locale.ROOT),
                        policy.rules().size(),
                        policy.dryRun(),
                        guarded(policy, local),
                        policy.rules().toString()))
                .toList();
    }

    /** The workloads a policy stands in front of, by {@code namespace/name}. */
    private static List<String> guarded(AuthorizationPolicy policy, CatalogImage local) {
        return local.workloads().values().stream()
                .filter(workload -> switch (policy.scope()) {
                    case GLOBAL -> true;
                    case NAMESPACE -> workload.namespace().equals(policy.name().namespace());
                    case WORKLOAD_SELECTOR -> workload.policies().contains(policy.name());
                })
                .map(workload -> workload.namespace() + "/" + workload.name())
                .toList();
    }
}
