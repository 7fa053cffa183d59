/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import static io.hanse.registry.catalog.ManifestsOf.service;
import static io.hanse.registry.catalog.ManifestsOf.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.ManifestsOf;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.trust.RelationshipStream;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.exchange.Relationship;
import io.hanse.wire.exchange.RelationshipsGrpc;
import io.hanse.wire.exchange.WatchRequest;
import io.hanse.wire.exchange.WatchResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two registries of two trust domains over real TLS, and the exchange's stream of relationships. */
class GrpcPeerLinkTest {

    private static final ServiceName API = new ServiceName("shop", "api");
    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final TrustDomain BERGEN = new TrustDomain("bergen.example");

    @TempDir
    Path state;

    private final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    private final TestAuthority bergen = TestAuthority.of("bergen.example");
    private final BundleMap bundles = TestAuthority.bundles(lubeck, bergen);
    private final InstantSource clock = InstantSource.system();
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Semaphore hint = new Semaphore(0);

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private MeshIdentity identity(TestSvid svid) throws Exception {
        return new MeshIdentity(new SvidCell(X509Svid.of(svid.chain(), svid.key())), new BundleCell(bundles), clock);
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            if (hint.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                hint.drainPermits();
            }
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private GrpcServer serve(TestSvid svid, AdsServer ads) throws Exception {
        return GrpcServer.at(new HostPort("127.0.0.1", 0), identity(svid))
                .service(ads)
                .build()
                .start();
    }

    private PeerImports importsInto(Catalog catalog) throws Exception {
        PeerImports imports = PeerImports.over(
                identity(lubeck.svid(SystemIdentity.CLUSTER_REGISTRY.in(LUBECK))),
                catalog,
                new MemoryImportStore(scheduler),
                state,
                scheduler,
                clock,
                new ImportTerms(Duration.ofSeconds(3), Duration.ZERO));
        imports.start();
        catalog.onChange(hint::release);
        catalog.sourceChanged(ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"")));
        return imports;
    }

    private static io.hanse.runtime.trust.Relationship relationship(int port) {
        return new io.hanse.runtime.trust.Relationship(
                BERGEN, new ClusterName("bergen"), List.of(new HostPort("127.0.0.1", port)));
    }

    @Test
    void whatAPeerExportsArrivesStaysAliveAndEndsWithTheRelationship() throws Exception {
        Catalog theirs = new Catalog(new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"), clock);
        AdsServer ads = new AdsServer(
                new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"),
                theirs,
                scheduler,
                clock,
                Duration.ofMillis(600));
        ads.relationships(Set.of(LUBECK));
        theirs.sourceChanged(
                ManifestsOf.yaml(service("api", "hanse.io/global: \"true\"") + workload("api-1", "api", "127.1.0.1")));
        GrpcServer server = serve(bergen.svid(SystemIdentity.CLUSTER_REGISTRY.in(BERGEN)), ads);
        Catalog ours = new Catalog(new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck"), clock);
        PeerImports imports = importsInto(ours);
        imports.relationships(List.of(relationship(server.port())));
        await(() -> ours.current().image().endpointsOf(API).size() == 1);
        assertThat(ours.current().image().endpointsOf(API).getFirst().spiffeId())
                .hasToString("spiffe://bergen.example/ns/shop/sa/api");
        // Nothing changes for longer than a lease; the peer's sign of life keeps the endpoint.
        var first = imports.status().getFirst().lastContact().orElseThrow();
        await(() -> imports.status().getFirst().lastContact().orElseThrow().isAfter(first.plusSeconds(4)));
        assertThat(ours.current().image().endpointsOf(API)).hasSize(1);
        // The peer ends it: no more contact, and after the lease no endpoint.
        ads.relationships(Set.of());
        await(() -> ours.current().image().endpointsOf(API).isEmpty());
        assertThat(imports.status().getFirst().lastError().orElseThrow()).contains("NOT_A_PEER");
        ads.relationships(Set.of(LUBECK));
        await(() -> ours.current().image().endpointsOf(API).size() == 1);
        imports.relationships(List.of());
        assertThat(ours.current().image().endpointsOf(API)).isEmpty();
        imports.close();
        ads.close();
        server.stop();
    }

    @Test
    void aGatewayThatCannotBeDialledCostsNobodyElse() throws Exception {
        Catalog theirs = new Catalog(new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"), clock);
        AdsServer ads = new AdsServer(
                new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"),
                theirs,
                scheduler,
                clock,
                Duration.ofSeconds(1));
        ads.relationships(Set.of(LUBECK));
        GrpcServer server = serve(bergen.svid(SystemIdentity.CLUSTER_REGISTRY.in(BERGEN)), ads);
        PeerImports imports =
                importsInto(new Catalog(new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck"), clock));
        Path file = state.resolve("relationships.bin");
        SealedFile.write(
                file,
                WatchResponse.newBuilder()
                        .addRelationships(Relationship.newBuilder()
                                .setTrustDomain("aachen.example")
                                .setCluster("aachen")
                                .addGateways("mesh_gateway:15008")
                                .addGateways("a..b:15008"))
                        .addRelationships(Relationship.newBuilder()
                                .setTrustDomain("bergen.example")
                                .setCluster("bergen")
                                .addGateways("127.0.0.1:" + server.port()))
                        .build()
                        .toByteArray());
        MeshIdentity identity = identity(lubeck.svid(SystemIdentity.CLUSTER_REGISTRY.in(LUBECK)));
        try (RelationshipStream kept = new RelationshipStream(
                new HostPort("127.0.0.1", 7), LUBECK, identity, file, scheduler, imports::relationships)) {
            kept.readKept();
        }
        await(() -> imports.status().getLast().state() == PeerStatus.State.CONNECTED);
        PeerStatus bad = imports.status().getFirst();
        assertThat(bad.relationship().trustDomain()).isEqualTo(new TrustDomain("aachen.example"));
        assertThat(bad.state()).isEqualTo(PeerStatus.State.BACKOFF);
        assertThat(bad.lastError().orElseThrow()).startsWith("UNKNOWN: Invalid host or port: ");
        imports.close();
        ads.close();
        server.stop();
    }

    @Test
    void onlyThePeersOwnRegistryIsBelieved() throws Exception {
        Catalog theirs = new Catalog(new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"), clock);
        AdsServer ads = new AdsServer(
                new ClusterFacts(new ClusterName("bergen"), BERGEN, "bergen"),
                theirs,
                scheduler,
                clock,
                Duration.ofSeconds(1));
        GrpcServer server = serve(bergen.svid("/ns/shop/sa/api"), ads);
        PeerImports imports =
                importsInto(new Catalog(new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck"), clock));
        imports.relationships(List.of(relationship(server.port())));
        await(() -> imports.status().getFirst().lastError().isPresent());
        assertThat(imports.status().getFirst().lastError().orElseThrow()).contains("IDENTITY_UNEXPECTED");
        imports.close();
        ads.close();
        server.stop();
    }

    @Test
    void relationshipsAreFollowedAndKeptOverARestart() throws Exception {
        BlockingQueue<StreamObserver<WatchResponse>> watchers = new LinkedBlockingQueue<>();
        GrpcServer exchange = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        identity(lubeck.svid(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(LUBECK))))
                .service(new RelationshipsGrpc.RelationshipsImplBase() {
                    @Override
                    public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
                        watchers.add(out);
                    }
                })
                .build()
                .start();
        BlockingQueue<List<io.hanse.runtime.trust.Relationship>> told = new LinkedBlockingQueue<>();
        MeshIdentity identity = identity(lubeck.svid(SystemIdentity.CLUSTER_REGISTRY.in(LUBECK)));
        Path file = state.resolve("relationships.bin");
        RelationshipStream watch = new RelationshipStream(
                new HostPort("127.0.0.1", exchange.port()), LUBECK, identity, file, scheduler, told::add);
        watch.readKept();
        watch.start();
        Relationship good = Relationship.newBuilder()
                .setTrustDomain("bergen.example")
                .setCluster("bergen")
                .addGateways("127.0.0.1:7")
                .build();
        Objects.requireNonNull(watchers.poll(20, TimeUnit.SECONDS))
                .onNext(WatchResponse.newBuilder()
                        .addRelationships(good)
                        .addRelationships(
                                good.toBuilder().setTrustDomain("no gateway").clearGateways())
                        .addRelationships(good.toBuilder().setTrustDomain("lubeck.example"))
                        .build());
        assertThat(told.poll(20, TimeUnit.SECONDS)).containsExactly(relationship(7));
        await(() -> file.toFile().length() > 0);
        watch.close();
        HostPort gone = new HostPort("127.0.0.1", exchange.port());
        exchange.stop();
        RelationshipStream again = new RelationshipStream(gone, LUBECK, identity, file, scheduler, told::add);
        again.readKept();
        assertThat(told.poll()).containsExactly(relationship(7));
        again.close();
    }
}
