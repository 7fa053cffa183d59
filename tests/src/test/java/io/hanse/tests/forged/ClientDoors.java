/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.FetchOutcome;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.relationship.GatewayDoor;
import io.hanse.exchange.relationship.PeerDoor;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.web.Body;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.exchange.RelationshipsGrpc;
import io.hanse.wire.exchange.WatchRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The clients of the product, each dialling a forger. The own trust domain is lubeck, the forger's mostly visby. */
final class ClientDoors {

    private static final TrustDomain LUBECK = ServerDoors.LUBECK;
    private static final TrustDomain VISBY = ServerDoors.VISBY;
    private static final Duration LIMIT = Until.PATIENCE;

    private ClientDoors() {}

    private static Target target(TrustDomain trustDomain, SpiffeId id) {
        return Target.of(TestAuthority.of(trustDomain.name()), id);
    }

    /** node-proxy: to another proxy of the same network. */
    static Door<Mutation> innerTunnel() throws Exception {
        SpiffeId workload = SpiffeId.ofServiceAccount(VISBY, "shop", "api");
        SpiffeId self = SpiffeId.ofServiceAccount(LUBECK, "shop", "web");
        return pool(
                "inner tunnel, client",
                target(VISBY, workload),
                self,
                address -> new Route.Direct(
                        address,
                        new TreeSet<>(List.of(workload)),
                        self,
                        "api.shop.svc.cluster.local:80",
                        RequestHeaders.NONE));
    }

    /** node-proxy: to a peer's gateway. */
    static Door<Mutation> outerTunnel() throws Exception {
        SpiffeId gateway = SystemIdentity.EAST_WEST_GATEWAY.in(VISBY);
        SpiffeId self = SystemIdentity.node(LUBECK, "a");
        return pool(
                "gateway, client",
                target(VISBY, gateway),
                self,
                address -> new Route.ViaGateway(
                        address,
                        gateway,
                        self,
                        "0123456789abcdef.api.shop.svc.cluster.local:80",
                        true,
                        new TreeSet<>(List.of(SpiffeId.ofServiceAccount(VISBY, "shop", "api"))),
                        self,
                        "api.shop.svc.cluster.local:80",
                        RequestHeaders.NONE));
    }

    private static Door<Mutation> pool(
            String name, Target target, SpiffeId self, Function<InetSocketAddress, Route> route) throws Exception {
        BundleCell bundles = new BundleCell(target.bundles());
        EventLoops loops = new EventLoops("forged", 1);
        SpiffeTls tls = new SpiffeTls(new SvidVerifier(ServerDoors.CLOCK), bundles);
        HboneTls hboneTls = new HboneTls(tls, bundles, ServerDoors.CLOCK);
        X509Svid svid = ServerDoors.svid(self);
        TunnelPool pool = new TunnelPool(
                loops,
                HboneLimits.defaults(),
                hboneTls,
                id -> Optional.of(svid),
                new HboneCounters(new SimpleMeterRegistry(), Ticker.system()));
        return new ClientDoor(
                name,
                target,
                bundles,
                false,
                address -> reasonOf(pool.probe(route.apply(address)).get(LIMIT.toSeconds(), TimeUnit.SECONDS)),
                () -> {
                    pool.drain(Duration.ZERO).join();
                    hboneTls.close();
                    tls.close();
                    loops.close();
                });
    }

    private static ReasonCode reasonOf(ProbeOutcome outcome) {
        return switch (outcome) {
            case ProbeOutcome.Answered answered -> ReasonCode.OK;
            case ProbeOutcome.NotAnswered not ->
                switch (not.outcome()) {
                    case OpenOutcome.Opened opened -> ReasonCode.OK;
                    case OpenOutcome.Refused refused -> refused.reason();
                    case OpenOutcome.Failed failed -> failed.reason();
                };
        };
    }

    /** cluster-registry: to a peer's registry. */
    static Door<Mutation> peersRegistry(Path directory) throws Exception {
        Target target = target(VISBY, SystemIdentity.CLUSTER_REGISTRY.in(VISBY));
        BundleCell bundles = new BundleCell(target.bundles());
        SystemScheduler scheduler = new SystemScheduler();
        PeerImports imports = PeerImports.over(
                identity(SystemIdentity.CLUSTER_REGISTRY.in(LUBECK), bundles),
                new Catalog(new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck"), ServerDoors.CLOCK),
                new MemoryImportStore(scheduler),
                directory,
                scheduler,
                ServerDoors.CLOCK,
                new ImportTerms(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        imports.start();
        return new ClientDoor(
                "registry, client",
                target,
                bundles,
                false,
                address -> {
                    imports.relationships(List.of(new io.hanse.runtime.trust.Relationship(
                            VISBY, new ClusterName("visby"), List.of(new HostPort("127.0.0.1", address.getPort())))));
                    String error = Until.found(
                            "the peer's status names an error",
                            () -> imports.status().getFirst().lastError());
                    imports.relationships(List.of());
                    return code(error);
                },
                () -> {
                    imports.close();
                    scheduler.close();
                });
    }

    /** Everybody: to spiffe-ca. */
    static Door<Mutation> authority() throws Exception {
        Target target = target(LUBECK, SystemIdentity.SPIFFE_CA.in(LUBECK));
        BundleCell bundles = new BundleCell(target.bundles());
        SpiffeId self = SystemIdentity.node(LUBECK, "a");
        MeshIdentity identity = identity(self, bundles);
        return new ClientDoor(
                "spiffe-ca, client",
                target,
                bundles,
                false,
                address -> {
                    try (CertificateClient client =
                            new CertificateClient(new HostPort("127.0.0.1", address.getPort()), LUBECK, identity)) {
                        client.renew(self);
                        return ReasonCode.OK;
                    } catch (CertificateRefused e) {
                        return code(String.valueOf(e.getMessage()));
                    }
                },
                () -> {});
    }

    /** Everybody: to the exchange's streams. */
    static Door<Mutation> exchange() throws Exception {
        SpiffeId server = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(LUBECK);
        Target target = target(LUBECK, server);
        BundleCell bundles = new BundleCell(target.bundles());
        MeshIdentity identity = identity(SystemIdentity.node(LUBECK, "a"), bundles);
        return new ClientDoor(
                "exchange, client",
                target,
                bundles,
                false,
                address -> {
                    ManagedChannel channel = GrpcChannels.to(
                                    new HostPort("127.0.0.1", address.getPort()), identity, server)
                            .open();
                    try {
                        RelationshipsGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                                .watch(WatchRequest.getDefaultInstance())
                                .next();
                        return ReasonCode.OK;
                    } catch (StatusRuntimeException e) {
                        return code(GrpcFailures.describe(e));
                    } finally {
                        channel.shutdownNow();
                    }
                },
                () -> {});
    }

    /** trust-bundle-exchange: fetches a peer's bundle by https_spiffe. */
    static Door<Mutation> bundleEndpoint(Vertx vertx) {
        SpiffeId endpoint = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(VISBY);
        Target target = target(VISBY, endpoint);
        BundleCell bundles = new BundleCell(target.bundles());
        BundleFetcher fetcher = new BundleFetcher(
                new Doorway(new HttpsCaller(vertx), Ticker.system()),
                new SvidVerifier(ServerDoors.CLOCK),
                bundles,
                LIMIT);
        return new ClientDoor(
                "bundle endpoint, client",
                target,
                bundles,
                true,
                address -> {
                    FetchOutcome outcome = fetcher.fetch(new Relationship(
                            VISBY,
                            Optional.empty(),
                            List.of(),
                            URI.create("https://127.0.0.1:%d/".formatted(address.getPort())),
                            new Profile.HttpsSpiffe(endpoint),
                            Relationship.State.ESTABLISHED,
                            ServerDoors.CLOCK.instant()));
                    return outcome instanceof FetchOutcome.Failed failed ? failed.reason() : ReasonCode.OK;
                },
                () -> {});
    }

    /** trust-bundle-exchange: accepts an invitation, or says farewell. */
    static Door<Mutation> inviter(Vertx vertx) {
        SpiffeId endpoint = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(VISBY);
        Target target = target(VISBY, endpoint);
        BundleCell bundles = new BundleCell(target.bundles());
        PeerDoor door = new GatewayDoor(
                new Doorway(new HttpsCaller(vertx), Ticker.system()), new SvidVerifier(ServerDoors.CLOCK), LIMIT);
        return new ClientDoor(
                "accept, client",
                target,
                bundles,
                true,
                address -> {
                    HttpsAnswer answer = door.post(
                            List.of(new HostPort("127.0.0.1", address.getPort())),
                            PeerDoor.ACCEPT_PATH,
                            bundles.current()
                                    .of(VISBY)
                                    .orElseGet(() -> target.neighbour().bundle()),
                            endpoint,
                            Map.of(),
                            Body.of("{}"));
                    return answer instanceof HttpsAnswer.Failed failed ? failed.reason() : ReasonCode.OK;
                },
                () -> {});
    }

    private static MeshIdentity identity(SpiffeId self, BundleCell bundles) throws Exception {
        return new MeshIdentity(new SvidCell(ServerDoors.svid(self)), bundles, ServerDoors.CLOCK);
    }

    /** The code of {@code CODE: detail}; gRPC's own words are no code. */
    private static ReasonCode code(String text) {
        return text.startsWith("UNAVAILABLE") ? ReasonCode.PEER_UNREACHABLE : ClientDoor.codeOf(text);
    }
}
