/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.imports.PeerStatus;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.DeltaXdsClient;
import io.hanse.runtime.xds.ResourceSink;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.xds.Node;
import io.hanse.wire.xds.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three registries of one cluster with real Hazelcast members, a peer's registry over real TLS, and a client of each. */
class ReplicasTest {

    private static final ServiceName API = new ServiceName("shop", "api");
    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final TrustDomain BERGEN = new TrustDomain("bergen.example");
    private static final ClusterFacts OURS = new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck");
    private static final ClusterFacts THEIRS = new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen");
    private static final String GLOBAL_API = service("api", "hanse.io/global: \"true\"");
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Longer than any takeover here: what leaves, leaves by mistake. */
    private static final ImportTerms TERMS = new ImportTerms(Duration.ofMinutes(5), Duration.ZERO);

    @TempDir
    Path state;

    private final TestAuthority lubeck = TestAuthority.of(LUBECK.name());
    private final TestAuthority bergen = TestAuthority.of(BERGEN.name());
    private final BundleMap bundles = TestAuthority.bundles(lubeck, bergen);
    private final InstantSource clock = InstantSource.system();
    private final SystemScheduler scheduler = new SystemScheduler();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(scheduler));
    private final Catalog peerCatalog = new Catalog(THEIRS, clock);
    private final AdsServer peer = new AdsServer(THEIRS, peerCatalog, scheduler, clock, HEARTBEAT);

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private GrpcServer listen(TestAuthority authority, AdsServer ads) throws IOException {
        GrpcServer server = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        TestIdentity.of(
                                authority.svid(SystemIdentity.CLUSTER_REGISTRY.in(authority.trustDomain())), bundles))
                .service(ads)
                .build()
                .start();
        open.add(() -> {
            ads.close();
            server.stop();
        });
        return server;
    }

    /** What a node-proxy would: the addresses that one replica serves, and whatever was taken from them. */
    private final class Client implements ResourceSink, DeltaXdsClient.Listener {
        private final Map<String, String> held = new ConcurrentSkipListMap<>();
        private final Set<String> taken = ConcurrentHashMap.newKeySet();

        Client(GrpcServer replica) {
            MeshIdentity gateway = TestIdentity.of(lubeck.svid(SystemIdentity.EAST_WEST_GATEWAY.in(LUBECK)), bundles);
            DeltaXdsClient stream = new DeltaXdsClient(
                    () -> GrpcChannels.to(
                                    new HostPort("127.0.0.1", replica.port()),
                                    gateway,
                                    SystemIdentity.CLUSTER_REGISTRY.in(LUBECK))
                            .open(),
                    Node.getDefaultInstance(),
                    List.of(this),
                    scheduler,
                    this);
            open.add(stream);
            stream.start();
        }

        boolean holds(String workload) {
            return held.containsKey("bergen.example//bergen/hanse.io/Workload/shop/" + workload);
        }

        @Override
        public String typeUrl() {
            return XdsTypes.ADDRESS;
        }

        @Override
        public Map<String, String> versions() {
            return new TreeMap<>(held);
        }

        @Override
        public List<Rejection> apply(List<Resource> resources, List<String> removed) {
            removed.forEach(held::remove);
            taken.addAll(removed);
            resources.forEach(resource -> held.put(resource.getName(), resource.getVersion()));
            return List.of();
        }

        @Override
        public void onSynced() {
            // What it holds is looked at instead.
        }

        @Override
        public void onBroken(Throwable why) {
            // Its replica was killed.
        }
    }

    /** A registry of lubeck, all of it but its sources. */
    private final class Replica {
        private final Catalog catalog = new Catalog(OURS, clock);
        private final HazelcastImportStore store;
        private final PeerImports imports;
        private final Client client;

        Replica(HostPort own, List<HostPort> all, Relationship relationship) throws IOException {
            store = new HazelcastImportStore(
                    new ReplicaSettings(OURS.cluster(), LUBECK, Optional.of(own), all), scheduler);
            imports = PeerImports.over(
                    TestIdentity.of(lubeck.svid(SystemIdentity.CLUSTER_REGISTRY.in(LUBECK)), bundles),
                    catalog,
                    store,
                    state.resolve(String.valueOf(own.port())),
                    scheduler,
                    clock,
                    TERMS);
            catalog.sourceChanged(ManifestsOf.yaml(GLOBAL_API));
            store.start();
            open.add(store);
            imports.start();
            open.add(imports::close);
            client = new Client(listen(lubeck, new AdsServer(OURS, catalog, scheduler, clock, HEARTBEAT)));
            imports.relationships(List.of(relationship));
        }

        boolean owns() {
            return imports.status().getFirst().state() != PeerStatus.State.ELSEWHERE;
        }

        boolean serves(String... workloads) {
            return List.of(workloads).stream().allMatch(client::holds)
                    && catalog.current().image().endpointsOf(API).stream()
                            .map(Workload::name)
                            .toList()
                            .equals(List.of(workloads));
        }

        /** Gone without a word to the other members; its sockets close as a dead process's do. */
        void kill() {
            store.kill();
            imports.close();
        }
    }

    private List<Replica> three(Relationship relationship) throws Exception {
        List<HostPort> all = List.of(Sockets.free(), Sockets.free(), Sockets.free());
        List<Replica> replicas = new ArrayList<>();
        for (HostPort each : all) {
            replicas.add(new Replica(each, all, relationship));
        }
        Until.holds(
                () -> replicas.stream().allMatch(each -> each.store.members().size() == 3));
        return replicas;
    }

    private Relationship peerExporting(String workloads) throws IOException {
        peer.relationships(Set.of(LUBECK));
        peerCatalog.sourceChanged(ManifestsOf.yaml(GLOBAL_API + workloads));
        return new Relationship(
                BERGEN,
                THEIRS.cluster(),
                List.of(new HostPort("127.0.0.1", listen(bergen, peer).port())));
    }

    @Test
    void oneReplicaSubscribesAllServeAndItsDeathTakesNothingAway() throws Exception {
        Relationship relationship = peerExporting(workload("b-1", "api", "127.1.0.1"));
        List<Replica> alive = new ArrayList<>(three(relationship));
        Until.holds(() -> alive.stream().allMatch(each -> each.serves("b-1")));

        String next = workload("b-1", "api", "127.1.0.1");
        for (int deaths = 1; deaths <= 2; deaths++) {
            Until.holds(() -> alive.stream().filter(Replica::owns).count() == 1
                    && peer.streams().size() == 1);
            Replica owner = alive.stream().filter(Replica::owns).findFirst().orElseThrow();
            owner.kill();
            alive.remove(owner);
            Until.holds(() -> alive.stream().filter(Replica::owns).count() == 1
                    && peer.streams().size() == 1);
            assertThat(alive).allMatch(each -> each.serves("b-1"));
            assertThat(alive).allSatisfy(each -> assertThat(each.client.taken).isEmpty());
        }
        // The last one still hears the peer.
        peerCatalog.sourceChanged(ManifestsOf.yaml(GLOBAL_API + next + workload("b-2", "api", "127.1.0.2")));
        Until.holds(() -> alive.getFirst().serves("b-1", "b-2"));
        assertThat(alive.getFirst().client.taken).isEmpty();
    }

    @Test
    void onlyLoopbackIsListenedOnAndAStrangerIsNotLetIn() throws Exception {
        Set<String> before = Sockets.listening();
        List<Replica> replicas = three(peerExporting(workload("b-1", "api", "127.1.0.1")));
        Set<String> opened = Sockets.listening();
        opened.removeAll(before);
        assertThat(opened).hasSizeGreaterThanOrEqualTo(3).allMatch(Sockets::isLoopback);
        HostPort own = Sockets.free();
        List<HostPort> all = new ArrayList<>(List.of(own));
        replicas.getFirst().store.members().forEach(member -> all.add(HostPort.parse(member)));
        // Another cluster that was given our addresses stays by itself.
        HazelcastImportStore stranger = new HazelcastImportStore(
                new ReplicaSettings(new ClusterName("visby"), new TrustDomain("visby.example"), Optional.of(own), all),
                scheduler);
        open.add(stranger);
        stranger.start();
        assertThat(stranger.members()).containsExactly(own.toString());
        assertThat(stranger.peers()).isEmpty();
        assertThat(replicas).allSatisfy(each -> assertThat(each.store.members()).hasSize(3));
    }
}
