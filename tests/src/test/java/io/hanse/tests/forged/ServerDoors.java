/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.stream.TrustStream;
import io.hanse.gateway.listener.PeerTunnels;
import io.hanse.gateway.listener.ServerNames;
import io.hanse.gateway.route.Routes;
import io.hanse.gateway.telemetry.GatewayLog;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.proxy.inbound.InboundTunnels;
import io.hanse.proxy.telemetry.ProxyCounters;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.files.StateMark;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.HandshakeCounters;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.tests.forged.CertificateForgeries.Mutation;
import io.hanse.transport.hbone.ConnectionGate;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.TunnelAcceptor;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The listeners of the product, each made of its own classes. The own trust domain is lubeck, the forger's is visby. */
final class ServerDoors {

    static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    static final TrustDomain VISBY = new TrustDomain("visby.example");
    static final InstantSource CLOCK = InstantSource.system();

    private static final String HBONE_REFUSED = "hanse.hbone.connections.refused";
    private static final String GRPC_REFUSED = "hanse.grpc.handshakes.refused";

    private ServerDoors() {}

    /** node-proxy: HBONE to a workload. */
    static Door<Mutation> inboundTunnel() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        SystemScheduler scheduler = new SystemScheduler();
        InboundTunnels inbound =
                new InboundTunnels(LUBECK, "a", 15008, new ProxyLog(new ProxyCounters(metrics)), scheduler);
        return hbone(
                "inner tunnel",
                SpiffeId.ofServiceAccount(VISBY, "shop", "web"),
                SpiffeId.ofServiceAccount(LUBECK, "shop", "api"),
                metrics,
                ConnectionGate.HBONE_ONLY,
                inbound,
                scheduler);
    }

    /** east-west-gateway: the outer tunnel of a peer's node. */
    static Door<Mutation> gateway() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        GatewayLog log = new GatewayLog(metrics);
        PeerTunnels tunnels = new PeerTunnels(
                LUBECK, new Routes(15008, new SplittableRandom(7)), log, 10, Duration.ofSeconds(10), Ticker.system());
        return hbone(
                "gateway",
                SystemIdentity.node(VISBY, "a"),
                SystemIdentity.EAST_WEST_GATEWAY.in(LUBECK),
                metrics,
                new ServerNames(Map.of(), log::passThrough),
                tunnels,
                () -> {});
    }

    private static Door<Mutation> hbone(
            String name,
            SpiffeId forged,
            SpiffeId own,
            SimpleMeterRegistry metrics,
            ConnectionGate gate,
            TunnelAcceptor acceptor,
            AutoCloseable behind)
            throws Exception {
        Target target = Target.of(TestAuthority.of(VISBY.name()), forged);
        BundleCell bundles = new BundleCell(target.bundles());
        EventLoops loops = new EventLoops("forged", 1);
        SpiffeTls tls = new SpiffeTls(new SvidVerifier(CLOCK), bundles);
        HboneTls hboneTls = new HboneTls(tls, bundles, CLOCK);
        X509Svid svid = svid(own);
        HboneServer server = new HboneServer(
                loops,
                HboneLimits.defaults(),
                hboneTls,
                local -> Optional.of(svid),
                gate,
                acceptor,
                new HboneCounters(metrics, Ticker.system()));
        InetSocketAddress bound = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .join();
        return new ServerDoor(name, target, bound, bundles, metrics, HBONE_REFUSED, false, false, () -> {
            server.drain(Duration.ZERO).join();
            hboneTls.close();
            tls.close();
            loops.close();
            behind.close();
        });
    }

    /** cluster-registry: a peer's registry that subscribes. */
    static Door<Mutation> registry() throws Exception {
        SystemScheduler scheduler = new SystemScheduler();
        ClusterFacts facts = new ClusterFacts(new ClusterName("lubeck"), LUBECK, "lubeck");
        AdsServer ads = new AdsServer(facts, new Catalog(facts, CLOCK), scheduler, CLOCK, Duration.ofSeconds(10));
        ads.relationships(Set.of(VISBY));
        PeerCheck callers = id -> SystemIdentity.CLUSTER_REGISTRY.is(id)
                ? Optional.empty()
                : PeerCheck.memberOf(LUBECK).check(id);
        Target target = Target.of(TestAuthority.of(VISBY.name()), SystemIdentity.CLUSTER_REGISTRY.in(VISBY));
        return grpc("registry", target, SystemIdentity.CLUSTER_REGISTRY.in(LUBECK), callers, true, ads, () -> {
            ads.close();
            scheduler.close();
        });
    }

    /** trust-bundle-exchange: a process of our own that reads the bundle map. */
    static Door<Mutation> exchange(Path directory) throws Exception {
        StateStore store = store(directory, LUBECK);
        TrustStream stream = new TrustStream(store);
        Target target = Target.of(TestAuthority.of(LUBECK.name()), SystemIdentity.node(LUBECK, "a"));
        return grpc(
                "exchange",
                target,
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(LUBECK),
                PeerCheck.memberOf(LUBECK),
                false,
                stream.services().getFirst(),
                stream);
    }

    private static Door<Mutation> grpc(
            String name,
            Target target,
            SpiffeId own,
            PeerCheck callers,
            boolean expectsExactly,
            io.grpc.BindableService service,
            AutoCloseable behind)
            throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        BundleCell bundles = new BundleCell(target.bundles());
        GrpcServer server = GrpcServer.at(
                        new HostPort("127.0.0.1", 0), new MeshIdentity(new SvidCell(svid(own)), bundles, CLOCK))
                .callers(callers)
                .refusedHandshakes(new HandshakeCounters(metrics, Ticker.system(), name))
                .service(service)
                .build()
                .start();
        InetSocketAddress bound = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        return new ServerDoor(name, target, bound, bundles, metrics, GRPC_REFUSED, expectsExactly, false, () -> {
            server.stop();
            behind.close();
        });
    }

    /** spiffe-ca: a node that asks for certificates. */
    static Door<Mutation> authority(LiveAuthority authority) {
        return new ServerDoor(
                "spiffe-ca",
                authority.target(),
                authority.address(),
                authority.bundles(),
                authority.metrics(),
                GRPC_REFUSED,
                false,
                true,
                () -> {});
    }

    /** The state of an exchange, and the mark that tells older state from newer. */
    static StateStore store(Path directory, TrustDomain trustDomain) {
        return StateStore.open(
                directory, trustDomain, StateMark.open(directory.resolve("marks"), "trust-bundle-exchange"));
    }

    /** A genuine SVID of ours, by a root of its own: forgers do not look at it. */
    static X509Svid svid(SpiffeId id) throws MalformedSvid {
        TestSvid svid = TestAuthority.of(id.trustDomain().name()).svid(id);
        return X509Svid.of(svid.chain(), svid.key());
    }
}
