/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.api;

import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.imports.PeerStatus;
import io.hanse.registry.source.Problem;
import io.hanse.registry.xds.AdsServer;
import io.hanse.registry.xds.StreamStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Predicate;

/** The registry's meters; all are read from the image when scraped. */
public final class RegistryMetrics {

    /** What the codes of refused resources begin with. */
    private static final String IMPORT = "IMPORT_";

    private RegistryMetrics() {}

    /** Registers them. */
    public static void register(MeterRegistry meters, Catalog catalog, AdsServer ads, PeerImports imports) {
        Gauge.builder(
                        "hanse.registry.services",
                        catalog,
                        c -> c.current().image().services().size())
                .description("services known")
                .register(meters);
        Gauge.builder(
                        "hanse.registry.workloads",
                        catalog,
                        c -> c.current().local().image().workloads().size())
                .description("workloads of this cluster")
                .register(meters);
        Gauge.builder("hanse.registry.imported.endpoints", catalog, RegistryMetrics::importedEndpoints)
                .description("endpoints of peers in use")
                .register(meters);
        Gauge.builder("hanse.registry.source.problems", catalog, RegistryMetrics::problems)
                .description("problems of manifests that keep something out of effect")
                .register(meters);
        FunctionCounter.builder(
                        "hanse.registry.publications",
                        catalog,
                        c -> c.current().provenance().version())
                .description("catalog publications")
                .register(meters);
        Gauge.builder("hanse.registry.streams", ads, AdsServer::streamCount)
                .description("delta xDS streams open")
                .register(meters);
        FunctionCounter.builder("hanse.registry.streams.refused", ads, AdsServer::refusedStreams)
                .description("streams refused to strangers")
                .register(meters);
        Gauge.builder(
                        "hanse.registry.streams.refusing",
                        ads,
                        a -> countStreams(a, s -> s.lastNack().isPresent()))
                .description("open streams whose client refused a response")
                .register(meters);
        for (ReasonCode reason : ReasonCode.values()) {
            if (reason.name().startsWith(IMPORT)) {
                Gauge.builder("hanse.registry.imports.refused", imports, i -> refused(i, reason))
                        .description("resources that peers told and that are not used")
                        .tag("reason_code", reason.name())
                        .register(meters);
            }
        }
        for (PeerStatus.State state : PeerStatus.State.values()) {
            Gauge.builder("hanse.registry.peers", imports, i -> countPeers(i, state))
                    .description("peers by state of their import")
                    .tag("state", PeerRoutes.word(state))
                    .register(meters);
        }
    }

    private static double importedEndpoints(Catalog catalog) {
        return catalog.current().image().workloads().values().stream()
                .filter(workload -> workload.remote().isPresent())
                .count();
    }

    private static double problems(Catalog catalog) {
        return catalog.current().local().problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.PROBLEM)
                .count();
    }

    private static double countStreams(AdsServer ads, Predicate<StreamStatus> which) {
        return ads.streams().stream().filter(which).count();
    }

    private static double refused(PeerImports imports, ReasonCode reason) {
        return imports.status().stream()
                .mapToInt(peer -> peer.refused().getOrDefault(reason, 0))
                .sum();
    }

    private static double countPeers(PeerImports imports, PeerStatus.State state) {
        return imports.status().stream().filter(peer -> peer.state() == state).count();
    }
}
