/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import io.hanse.gateway.listener.PeerTunnels;
import io.hanse.gateway.listener.ServerNames;
import io.hanse.gateway.route.Routes;
import io.hanse.gateway.telemetry.GatewayLog;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.hbone.ConnectionGate;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.hbone.TunnelStats;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;

/**
 * The gateway of bergen, made of its real parts with real TLS; behind it a far proxy with an application that echoes; in
 * front of it the tunnel pool of a node of lubeck.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class TwoClusters {

    static final ServiceName LEDGER = new ServiceName("shop", "ledger");

    final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    final TestAuthority bergen = TestAuthority.of("bergen.example");
    final SpiffeId frontend = SpiffeId.ofServiceAccount(lubeck.trustDomain(), "shop", "frontend");
    final SpiffeId node = SystemIdentity.node(lubeck.trustDomain(), "n1");
    final SpiffeId bergensNode = SystemIdentity.node(bergen.trustDomain(), "n1");
    final SpiffeId backend = SpiffeId.ofServiceAccount(bergen.trustDomain(), "shop", "backend");
    final SpiffeId gatewayId = SystemIdentity.EAST_WEST_GATEWAY.in(bergen.trustDomain());

    final BundleCell lubecksBundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    final BundleCell bergensBundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    /** Of its own: were both told at once, whichever acted first would name the reason of a tunnel's end. */
    private final BundleCell farProxysBundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));

    final Workload near = Catalogs.local("bergen/near", "127.0.0.1");
    /** Nobody listens there. */
    final Workload dead = Catalogs.local("bergen/dead", "127.0.213.77");

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final LinkedTransferQueue<OpenOutcome> outcomes = new LinkedTransferQueue<>();
    final LinkedTransferQueue<TunnelStats> ended = new LinkedTransferQueue<>();
    final LinkedTransferQueue<SpiffeId> callersSeen = new LinkedTransferQueue<>();
    final PeerTunnels tunnels;
    final HboneServer gateway;
    final InetSocketAddress at;
    final TunnelPool pool;

    private final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private final EventLoops loops = new EventLoops("test", 2);
    private final HboneServer farProxy;

    TwoClusters(InetSocketAddress registry) throws Exception {
        for (SpiffeId id : List.of(frontend, node)) {
            issue(lubeck, id);
        }
        for (SpiffeId id : List.of(backend, gatewayId, bergensNode)) {
            issue(bergen, id);
        }
        H2Metrics counters = new HboneCounters(metrics, Ticker.system());
        InetSocketAddress application = echo();
        farProxy = new HboneServer(
                loops,
                HboneLimits.defaults(),
                tls(farProxysBundles),
                local -> Optional.ofNullable(svids.get(backend)),
                ConnectionGate.HBONE_ONLY,
                request -> {
                    callersSeen.add(request.peer().id());
                    request.connect(application, stats -> {});
                },
                counters);
        int hbonePort = Until.done(farProxy.bind(anywhere())).getPort();

        CatalogImage image = CatalogImage.of(
                List.of(Catalogs.service(Catalogs.API, true), Catalogs.service(LEDGER, false)),
                List.of(near, dead),
                List.of());
        GatewayLog log = new GatewayLog(metrics);
        HboneLimits limits = HboneLimits.defaults();
        Routes routes = new Routes(hbonePort, new SplittableRandom(5));
        routes.publish(image, CatalogImage.empty().changesTo(image));
        tunnels = new PeerTunnels(bergen.trustDomain(), routes, log, 10, limits.handshake(), Ticker.system());
        gateway = new HboneServer(
                loops,
                HboneLimits.defaults(),
                tls(bergensBundles),
                local -> Optional.ofNullable(svids.get(gatewayId)),
                new ServerNames(Map.of(ServerNames.REGISTRY, registry), log::passThrough),
                tunnels,
                counters);
        at = Until.done(gateway.bind(anywhere()));
        pool = new TunnelPool(
                loops, HboneLimits.defaults(), tls(lubecksBundles), id -> Optional.ofNullable(svids.get(id)), counters);
    }

    void issue(TestAuthority authority, SpiffeId id) throws MalformedSvid {
        TestSvid svid = authority.svid(id);
        svids.put(id, X509Svid.of(svid.chain(), svid.key()));
    }

    Route via(String outerAuthority) {
        return new Route.ViaGateway(
                at,
                gatewayId,
                node,
                outerAuthority,
                true,
                new TreeSet<>(List.of(backend)),
                frontend,
                Catalogs.API.hostname() + ":80",
                RequestHeaders.NONE);
    }

    Route probe(SpiffeId as) {
        return new Route.Direct(
                at, new TreeSet<>(List.of(gatewayId)), as, "probe.hanse.internal:15021", RequestHeaders.NONE);
    }

    /** Dials a listener whose connections take this route; what became of the tunnel is in {@link #outcomes}. */
    Socket call(Route route) throws Exception {
        Channel listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannelType())
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        TunnelPool.hold(channel);
                        channel.eventLoop().execute(() -> open(channel, route));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        closing.add(() -> listener.close().sync());
        Socket socket = dial((InetSocketAddress) listener.localAddress());
        closing.add(socket);
        return socket;
    }

    static Socket dial(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) Until.DEADLINE.toMillis());
        return socket;
    }

    private void open(Channel channel, Route route) {
        pool.open(channel, route, ended::add).thenAccept(outcome -> {
            outcomes.add(outcome);
            if (!(outcome instanceof OpenOutcome.Opened)) {
                channel.close();
            }
        });
    }

    private HboneTls tls(BundleCell bundles) {
        SpiffeTls tls = new SpiffeTls(new SvidVerifier(InstantSource.system()), bundles);
        HboneTls hbone = new HboneTls(tls, bundles, InstantSource.system());
        closing.add(hbone);
        closing.add(tls);
        return hbone;
    }

    private InetSocketAddress echo() throws IOException {
        ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        closing.add(listener);
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The caller left: its test says whether it should have.
        }
    }

    private static InetSocketAddress anywhere() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    void close() throws Exception {
        for (AutoCloseable each : closing) {
            if (each instanceof Socket || each instanceof ServerSocket) {
                each.close();
            }
        }
        Until.done(pool.drain(Duration.ZERO));
        Until.done(gateway.drain(Duration.ZERO));
        Until.done(farProxy.drain(Duration.ZERO));
        for (AutoCloseable each : closing) {
            each.close();
        }
        loops.close();
    }
}
