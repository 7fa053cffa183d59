/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.export.ExportView;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {

    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final ServiceName API = new ServiceName("shop", "api");
    private final Catalog catalog = new Catalog(
            new ClusterFacts(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), "lubeck"),
            InstantSource.fixed(Instant.EPOCH));

    private static Workload remote(TrustDomain trustDomain, List<InetAddress> addresses) {
        return remote("bergen.example//b/1", trustDomain, addresses);
    }

    private static Workload remote(String uid, TrustDomain trustDomain, List<InetAddress> addresses) {
        SortedMap<ServiceName, List<ServicePort>> services = new TreeMap<>();
        services.put(API, List.of());
        services.put(new ServiceName("shop", "other"), List.of());
        return new Workload(
                uid,
                "b-1",
                "shop",
                "api",
                trustDomain,
                new ClusterName("bergen"),
                "bergen.example",
                "",
                addresses,
                Locality.UNKNOWN,
                true,
                1,
                services,
                List.of(),
                Optional.of(new RemoteAccess("0123456789abcdef", List.of(new HostPort("127.0.0.1", 1)))),
                Optional.empty());
    }

    private static Imported imported() {
        return new Imported(PEER, new TreeSet<>(List.of(API)), List.of(remote(PEER, List.of())));
    }

    /** multicluster.md 1.4, this side: our annotations against a peer that is global and shared. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hanse.io/global: "false"                          | false | false
            hanse.io/global: "true"                           | true  | true
            hanse.io/global: "true", hanse.io/shared: "false" | true  | false
            hanse.io/shared: "true"                           | false | false
            """)
    void theDecisionTableOfTwoClusters(String annotations, boolean usesRemote, boolean offers) {
        catalog.sourceChanged(ManifestsOf.yaml(service("api", annotations) + workload("api-1", "api", "127.1.0.1")));
        catalog.imported(imported());
        assertThat(catalog.current().image().endpointsOf(API).stream()
                        .anyMatch(w -> w.remote().isPresent()))
                .isEqualTo(usesRemote);
        var exported = ExportView.of(catalog.current().local().image());
        assertThat(exported.service(API).isPresent()).isEqualTo(offers);
        assertThat(exported.endpointsOf(API)).hasSize(offers ? 1 : 0);
    }

    @Test
    void whatIsOursWinsWhateverAPeerCallsItsOwn() {
        catalog.sourceChanged(
                ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.1")));
        Workload ours =
                catalog.current().image().workloads().values().iterator().next();
        catalog.imported(new Imported(PEER, new TreeSet<>(List.of(API)), List.of(remote(ours.uid(), PEER, List.of()))));
        assertThat(catalog.current().image().workloads().values()).containsExactly(ours);
    }

    @Test
    void anImportJoinsOnlyServicesThatExistHere() {
        catalog.imported(imported());
        assertThat(catalog.current().image().workloads()).isEmpty();
        catalog.sourceChanged(ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"")));
        assertThat(catalog.current().image().workloads().values())
                .singleElement()
                .satisfies(workload -> assertThat(workload.services()).containsOnlyKeys(API));
    }

    @Test
    void aWithdrawnPeerIsGoneAtOnceAndNobodyElse() {
        AtomicInteger told = new AtomicInteger();
        catalog.sourceChanged(
                ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.1")));
        catalog.onChange(told::incrementAndGet);
        catalog.imported(imported());
        assertThat(catalog.current().image().endpointsOf(API)).hasSize(2);
        catalog.imported(imported());
        assertThat(told).hasValue(1);
        catalog.withdrawn(PEER);
        assertThat(catalog.current().image().endpointsOf(API)).hasSize(1);
        catalog.withdrawn(PEER);
        assertThat(told).hasValue(2);
    }

    @Test
    void anImportHoldsNothingButThePeersOwn() {
        assertThatThrownBy(() -> new Imported(
                        PEER, new TreeSet<>(), List.of(remote(new TrustDomain("lubeck.example"), List.of()))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Imported(
                        PEER, new TreeSet<>(), List.of(remote(PEER, List.of(InetAddress.ofLiteral("10.0.0.1"))))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExportIsStrippedAndNeverHoldsAnImport() {
        catalog.sourceChanged(ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"")
                + service("secret", "")
                + workload("api-1", "api", "127.1.0.1")));
        catalog.imported(imported());
        var exported = ExportView.of(catalog.current().local().image());
        assertThat(exported.services()).containsOnlyKeys(API);
        assertThat(exported.service(API).orElseThrow().addresses()).isEmpty();
        assertThat(exported.policies()).isEmpty();
        assertThat(exported.workloads().values()).singleElement().satisfies(workload -> {
            assertThat(workload.addresses()).isEmpty();
            assertThat(workload.node()).isEmpty();
            assertThat(workload.network()).isEmpty();
            assertThat(workload.policies()).isEmpty();
            assertThat(workload.duties()).isEmpty();
        });
    }
}
