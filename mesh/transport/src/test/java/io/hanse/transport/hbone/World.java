/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.Remote;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.X509Svid;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;

/** Two trust domains, a client side and a server side on loopback, applications as plain sockets. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class World {

    /** What an application does with a connection, on its own thread. */
    interface App {
        void serve(Socket socket) throws IOException;
    }

    final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    final TestAuthority bergen = TestAuthority.of("bergen.example");
    final SpiffeId frontend = new SpiffeId(lubeck.trustDomain(), "/ns/shop/sa/frontend");
    final SpiffeId node = new SpiffeId(lubeck.trustDomain(), "/hanse/node/n1");
    final SpiffeId backend = new SpiffeId(bergen.trustDomain(), "/ns/shop/sa/backend");
    final SpiffeId gateway = new SpiffeId(bergen.trustDomain(), "/ns/hanse-system/sa/east-west-gateway");

    final EventLoops loops;
    final BundleCell clientBundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    final BundleCell serverBundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    final Recorder metrics = new Recorder();
    final LinkedTransferQueue<TunnelStats> serverStats = new LinkedTransferQueue<>();
    final LinkedTransferQueue<TunnelStats> clientStats = new LinkedTransferQueue<>();
    final LinkedTransferQueue<OpenOutcome> outcomes = new LinkedTransferQueue<>();

    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private final List<HboneServer> servers = new CopyOnWriteArrayList<>();
    private final List<TunnelPool> openPools = new CopyOnWriteArrayList<>();
    private final HboneTls clientTls;
    private final HboneTls serverTls;
    final HboneLimits limits;

    World() {
        this(HboneLimits.defaults(), 2);
    }

    World(HboneLimits limits, int threads) {
        this(limits, new EventLoops("test", threads));
    }

    World(HboneLimits limits, EventLoops loops) {
        this.limits = limits;
        this.loops = loops;
        SvidVerifier verifier = new SvidVerifier(InstantSource.system());
        SpiffeTls client = new SpiffeTls(verifier, clientBundles);
        SpiffeTls server = new SpiffeTls(verifier, serverBundles);
        this.clientTls = new HboneTls(client, clientBundles, InstantSource.system());
        this.serverTls = new HboneTls(server, serverBundles, InstantSource.system());
        closing.add(clientTls);
        closing.add(serverTls);
        closing.add(client);
        closing.add(server);
        issue(lubeck, frontend);
        issue(lubeck, node);
        issue(bergen, backend);
        issue(bergen, gateway);
    }

    void issue(TestAuthority authority, SpiffeId id) {
        TestSvid svid = authority.svid(id);
        try {
            svids.put(id, X509Svid.of(svid.chain(), svid.key()));
        } catch (MalformedSvid e) {
            throw new IllegalStateException(e);
        }
    }

    HboneServer server(SpiffeId id, TunnelAcceptor acceptor) {
        return server(id, ConnectionGate.HBONE_ONLY, acceptor);
    }

    HboneServer server(SpiffeId id, ConnectionGate gate, TunnelAcceptor acceptor) {
        return server(at -> Optional.ofNullable(svids.get(id)), gate, acceptor);
    }

    HboneServer server(ServerSvids shown, ConnectionGate gate, TunnelAcceptor acceptor) {
        HboneServer server = new HboneServer(loops, limits, serverTls, shown, gate, acceptor, metrics);
        servers.add(server);
        return server;
    }

    InetSocketAddress bind(HboneServer server) throws Exception {
        return Until.done(server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    TunnelPool pool() {
        TunnelPool pool = new TunnelPool(loops, limits, clientTls, id -> Optional.ofNullable(svids.get(id)), metrics);
        openPools.add(pool);
        return pool;
    }

    TunnelAcceptor to(InetSocketAddress target) {
        return request -> request.connect(target, serverStats::add);
    }

    Route direct(InetSocketAddress server) {
        return new Route.Direct(
                server,
                new TreeSet<>(List.of(backend)),
                frontend,
                "backend.shop.svc.cluster.local:80",
                RequestHeaders.of("forwarded", "for=\"127.0.0.1:1\""));
    }

    Route via(InetSocketAddress gatewayAddress) {
        return new Route.ViaGateway(
                gatewayAddress,
                gateway,
                node,
                "0123456789abcdef.backend.shop.svc.cluster.local:80",
                true,
                new TreeSet<>(List.of(backend)),
                frontend,
                "backend.shop.svc.cluster.local:80",
                RequestHeaders.NONE);
    }

    /** An application that listens; each connection has a thread. */
    InetSocketAddress app(App app) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        closing.add(listener);
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(app, socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static void serve(App app, Socket socket) {
        try (socket) {
            app.serve(socket);
        } catch (IOException e) {
            // The other side left: its test says whether it should have.
        }
    }

    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    /** A listener whose connections are tunnelled; what became of each is in {@link #outcomes}. */
    InetSocketAddress tunnelled(TunnelPool pool, Route route) throws Exception {
        Channel listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        TunnelPool.hold(channel);
                        channel.eventLoop().execute(() -> open(pool, channel, route));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        closing.add(() -> listener.close().sync());
        return (InetSocketAddress) listener.localAddress();
    }

    private void open(TunnelPool pool, Channel channel, Route route) {
        pool.open(channel, route, clientStats::add).thenAccept(outcome -> {
            outcomes.add(outcome);
            if (!(outcome instanceof OpenOutcome.Opened)) {
                channel.close();
            }
        });
    }

    static Socket dial(InetSocketAddress address) {
        try {
            Socket socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout((int) Until.DEADLINE.toMillis());
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void trust(BundleMap bundles) {
        serverBundles.publish(bundles);
    }

    void close() throws Exception {
        for (HboneServer each : servers) {
            Until.done(each.drain(java.time.Duration.ZERO));
        }
        for (TunnelPool each : openPools) {
            Until.done(each.drain(java.time.Duration.ZERO));
        }
        List<AutoCloseable> all = new ArrayList<>(closing);
        for (AutoCloseable each : all) {
            each.close();
        }
        loops.close();
        Until.holds(loops.group()::isTerminated);
    }

    /** Keeps what the transport counts. */
    static final class Recorder implements H2Metrics {
        final LinkedTransferQueue<ReasonCode> refused = new LinkedTransferQueue<>();
        final LinkedTransferQueue<String> violations = new LinkedTransferQueue<>();
        final LinkedTransferQueue<Limit> limits = new LinkedTransferQueue<>();
        final LinkedTransferQueue<H2Role> opened = new LinkedTransferQueue<>();
        final LinkedTransferQueue<ReasonCode> closed = new LinkedTransferQueue<>();

        @Override
        public void connectionOpened(H2Role role) {
            opened.add(role);
        }

        @Override
        public void connectionClosed(H2Role role, ReasonCode reason) {
            closed.add(reason);
        }

        @Override
        public void connectionRefused(H2Role role, SocketAddress remote, ReasonCode reason, String detail) {
            if (role == H2Role.SERVER) {
                refused.add(reason);
            }
        }

        @Override
        public void violation(H2Role role, Remote remote, H2Code code, String detail) {
            violations.add(code + ": " + detail);
        }

        @Override
        public void limited(H2Role role, Remote remote, Limit limit, String detail) {
            limits.add(limit);
        }

        long clientConnections() {
            return opened.stream().filter(role -> role == H2Role.CLIENT).count();
        }
    }
}
