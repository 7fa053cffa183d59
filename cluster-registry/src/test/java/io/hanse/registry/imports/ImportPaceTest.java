/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.imports.ImportsTest.endpoint;
import static io.hanse.registry.imports.ImportsTest.offered;
import static io.hanse.registry.imports.ImportsTest.resource;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.trust.Relationship;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that changes faster than this cluster's catalog can be made. */
class ImportPaceTest {

    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final ServiceName API = new ServiceName("shop", "api");
    private static final int UPDATES = 10_000;

    @TempDir
    Path state;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Catalog catalog = new Catalog(
            new ClusterFacts(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), "lubeck"), clock);

    private static byte[] told(String workload) {
        ToldResources told = new ToldResources();
        told.apply(List.of(offered(API), resource(endpoint(workload, API))), List.of());
        return told.toBytes();
    }

    @Test
    void changesWaitForOneRunThatAppliesTheLast() {
        MemoryImportStore store = new MemoryImportStore(scheduler);
        PeerImports imports = new PeerImports(
                catalog,
                store,
                new KeptImports(state, store, scheduler),
                (peer, gateway, known, listener) -> () -> {},
                scheduler,
                clock,
                new ImportTerms(Duration.ofSeconds(30), Duration.ZERO),
                RandomGenerator.of("L64X128MixRandom"));
        catalog.sourceChanged(ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"")));
        imports.start();
        imports.relationships(
                List.of(new Relationship(PEER, new ClusterName("bergen"), List.of(new HostPort("127.0.0.1", 1)))));
        scheduler.runDue();
        long before = catalog.current().provenance().version();
        byte[] odd = told("b-1");
        byte[] even = told("b-2");
        for (int i = 0; i < UPDATES; i++) {
            store.put(PEER, i % 2 == 0 ? odd : even);
        }
        store.put(PEER, told("last"));

        scheduler.runDue();

        assertThat(catalog.current().image().endpointsOf(API))
                .extracting(Workload::name)
                .containsExactly("last");
        assertThat(catalog.current().provenance().version() - before).isEqualTo(1);
        store.put(PEER, odd);
        scheduler.runDue();
        assertThat(catalog.current().image().endpointsOf(API))
                .extracting(Workload::name)
                .containsExactly("b-1");
        imports.close();
    }
}
