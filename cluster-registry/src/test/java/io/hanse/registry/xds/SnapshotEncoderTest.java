/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.RemoteAccess;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.Imported;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.wire.workload.Address;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SnapshotEncoderTest {

    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final ServiceName API = new ServiceName("shop", "api");
    private static final String NAME = "shop/api.shop.svc.cluster.local";

    private final Catalog catalog = new Catalog(
            new ClusterFacts(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), "lubeck"),
            InstantSource.fixed(Instant.EPOCH));
    private final SnapshotEncoder encoder = new SnapshotEncoder("lubeck");

    @Test
    void noUidOfAPeersWorkloadReplacesAService() throws Exception {
        catalog.sourceChanged(ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"")));
        Workload named = new Workload(
                NAME,
                "b-1",
                "shop",
                "api",
                PEER,
                new ClusterName("bergen"),
                "bergen.example",
                "",
                List.of(),
                Locality.UNKNOWN,
                true,
                1,
                new TreeMap<>(Map.of(API, List.of())),
                List.of(),
                Optional.of(new RemoteAccess("0123456789abcdef", List.of(new HostPort("127.0.0.1", 1)))),
                Optional.empty());
        assertThat(encoded().hasService()).isTrue();
        catalog.imported(new Imported(PEER, new TreeSet<>(List.of(API)), List.of(named)));
        assertThat(encoded().hasService()).as("while the peer is connected").isTrue();
        catalog.withdrawn(PEER);
        assertThat(encoded().hasService()).as("after it left").isTrue();
    }

    private Address encoded() throws Exception {
        return Address.parseFrom(Objects.requireNonNull(
                        encoder.encode(catalog.current()).addresses().get(NAME))
                .getResource()
                .getValue());
    }
}
