/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one client may cost, and what it hears, without a network. */
class AdsStreamsTest {

    private static final TrustDomain OWN = new TrustDomain("lubeck.example");
    private static final TrustDomain PEER = new TrustDomain("bergen.example");
    private static final SpiffeId GATEWAY = SystemIdentity.EAST_WEST_GATEWAY.in(OWN);
    private static final SpiffeId NODE = SystemIdentity.node(OWN, "n1");
    private static final SpiffeId REGISTRY = SystemIdentity.CLUSTER_REGISTRY.in(PEER);
    private static final String UID = "lubeck/hanse.io/Workload/shop/api-1";
    private static final String SECRET = "shop/secret.shop.svc.cluster.local";
    private static final String API = service("api", "hanse.io/global: \"true\"");
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final ClusterFacts facts = new ClusterFacts(new ClusterName("lubeck"), OWN, "lubeck");
    private final Catalog catalog = new Catalog(facts, clock);
    private final AdsServer ads = new AdsServer(facts, catalog, scheduler, clock, HEARTBEAT);

    @BeforeEach
    void start() {
        ads.relationships(Set.of(PEER));
    }

    private void publish(String yaml) {
        catalog.sourceChanged(ManifestsOf.yaml(yaml));
        scheduler.advance(AdsServer.GATHER);
    }

    private static DeltaDiscoveryRequest.Builder addresses() {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(ResourceType.ADDRESS.url());
    }

    private static Map<String, String> take(FakeClient client, StreamObserver<DeltaDiscoveryRequest> stream) {
        DeltaDiscoveryResponse response = client.next().orElseThrow();
        stream.onNext(addresses().setResponseNonce(response.getNonce()).build());
        Map<String, String> told = new TreeMap<>();
        for (Resource resource : response.getResourcesList()) {
            told.put(resource.getName(), resource.getVersion());
        }
        return told;
    }

    @Test
    void aClientThatAsksByNameHearsOnOfWhatItHeldBefore() {
        publish(API + service("secret", "") + workload("api-1", "api", "127.1.0.1"));
        FakeClient first = new FakeClient();
        StreamObserver<DeltaDiscoveryRequest> before = ads.open(NODE, first);
        before.onNext(addresses()
                .addResourceNamesSubscribe(UID)
                .addResourceNamesSubscribe(SECRET)
                .build());
        Map<String, String> held = take(first, before);
        assertThat(held).containsOnlyKeys(UID, SECRET);
        before.onCompleted();
        publish(API + workload("api-1", "api", "127.1.0.9"));

        FakeClient second = new FakeClient();
        StreamObserver<DeltaDiscoveryRequest> after = ads.open(NODE, second);
        after.onNext(addresses()
                .putAllInitialResourceVersions(held)
                .addResourceNamesUnsubscribe("*")
                .build());
        DeltaDiscoveryResponse changed = second.next().orElseThrow();
        assertThat(changed.getResourcesList()).extracting(Resource::getName).containsExactly(UID);
        assertThat(changed.getRemovedResourcesList()).containsExactly(SECRET);
        after.onNext(addresses().setResponseNonce(changed.getNonce()).build());
        publish(API + service("secret", "") + workload("api-1", "api", "127.1.0.10"));
        assertThat(take(second, after)).containsOnlyKeys(UID, SECRET);
    }

    @Test
    void aNameThatIsTooLongEndsTheStream() {
        String name = "n".repeat(1024);
        for (DeltaDiscoveryRequest request : List.of(
                addresses().addResourceNamesSubscribe(name).build(),
                addresses().putInitialResourceVersions(name, "1").build())) {
            for (SpiffeId caller : List.of(REGISTRY, NODE)) {
                FakeClient client = new FakeClient();
                ads.open(caller, client).onNext(request);
                Status end = client.end().orElseThrow();
                assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(end.getDescription()).startsWith("LIMIT_EXCEEDED: ").contains("longer than 800 characters");
            }
        }
        assertThat(ads.streamCount()).isZero();
    }

    @Test
    void aPeersNamesAreBoundedInAllAndWhatItDropsCountsNoLonger() {
        FakeClient client = new FakeClient();
        StreamObserver<DeltaDiscoveryRequest> stream = ads.open(REGISTRY, client);
        int fitting = AdsStream.MAX_CHARACTERS_OF_A_PEER / 512;
        for (int turn = 0; turn < 3; turn++) {
            stream.onNext(
                    addresses().addAllResourceNamesSubscribe(names(fitting)).build());
            stream.onNext(
                    addresses().addAllResourceNamesUnsubscribe(names(fitting)).build());
        }
        stream.onNext(addresses().addAllResourceNamesSubscribe(names(fitting)).build());
        assertThat(client.end()).isEmpty();
        stream.onNext(addresses().addResourceNamesSubscribe("one more").build());
        assertThat(client.end().orElseThrow().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj("%0512d"::formatted).toList();
    }

    @Test
    void everyReplicaOfTheGatewayIsServed() {
        for (int i = 0; i < AdsServer.MAX_STREAMS_OF_A_ROLE; i++) {
            ads.open(GATEWAY, new FakeClient());
        }
        assertThatThrownBy(() -> ads.open(GATEWAY, new FakeClient()))
                .hasMessageContaining("LIMIT_EXCEEDED")
                .hasMessageEndingWith("32 of one client are served");
        for (SpiffeId other : List.of(NODE, REGISTRY)) {
            for (int i = 0; i < AdsServer.MAX_STREAMS_OF_A_CLIENT; i++) {
                ads.open(other, new FakeClient());
            }
            assertThatThrownBy(() -> ads.open(other, new FakeClient()))
                    .hasMessageContaining("LIMIT_EXCEEDED")
                    .hasMessageEndingWith("8 of one client are served");
        }
    }

    /** A stream that begins while the relationships change must not bring the old ones back. */
    @Test
    void aStreamThatBeginsChangesNoRelationship() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        int rounds = 2_000;
        Thread opening = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < rounds; i++) {
                meet(together);
                ads.open(GATEWAY, new FakeClient()).onCompleted();
                meet(together);
            }
        });
        for (int i = 0; i < rounds; i++) {
            ads.relationships(Set.of(PEER));
            meet(together);
            ads.relationships(Set.of());
            meet(together);
            assertThatThrownBy(() -> ads.open(REGISTRY, new FakeClient())).hasMessageContaining("NOT_A_PEER");
        }
        assertThat(opening.join(Duration.ofSeconds(20))).isTrue();
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other side did not come", e);
        }
    }
}
