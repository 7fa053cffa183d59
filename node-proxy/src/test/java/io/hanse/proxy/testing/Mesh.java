/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.testing;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.proxy.capture.Duty;
import io.hanse.proxy.capture.ExplicitListeners;
import io.hanse.proxy.endpoint.EndpointChoice;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.proxy.outbound.GatewayAddresses;
import io.hanse.proxy.outbound.OutboundCalls;
import io.hanse.proxy.outbound.OutboundRoutes;
import io.hanse.proxy.telemetry.ProxyCounters;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.hbone.ConnectionGate;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.TunnelAcceptor;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SpiffeTls;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Two trust domains with real TLS on loopback: the outbound half of a node of lubeck, and whatever servers a test puts at
 * the other end, all on one HBONE port and each on a loopback address of its own.
 */
public final class Mesh {

    public final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    public final TestAuthority bergen = TestAuthority.of("bergen.example");
    public final SpiffeId node = SystemIdentity.node(Nouns.LUBECK, "n1");
    public final SpiffeId backend = SpiffeId.ofServiceAccount(Nouns.LUBECK, "shop", "backend");
    public final SpiffeId remoteBackend = SpiffeId.ofServiceAccount(Nouns.BERGEN, "shop", "backend");
    public final SpiffeId gatewayId = SystemIdentity.EAST_WEST_GATEWAY.in(Nouns.BERGEN);
    public final int hbonePort = freePort();
    public final BundleCell bundles = new BundleCell(TestAuthority.bundles(lubeck, bergen));
    public final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final ProxyLog log = new ProxyLog(new ProxyCounters(metrics));
    public final EventLoops loops = new EventLoops("test", 2);
    public final TunnelPool pool;
    public final EndpointHealth health = new EndpointHealth(Ticker.system());
    public final EndpointChoice choice = new EndpointChoice(health, new SplittableRandom(11));
    public final GatewayAddresses gateways = new GatewayAddresses();
    public final OutboundRoutes routes;
    public final OutboundCalls calls;
    public volatile CatalogImage image = CatalogImage.empty();

    private final HboneTls tls;
    private final HboneCounters counters = new HboneCounters(metrics, Ticker.system());
    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private final List<HboneServer> servers = new CopyOnWriteArrayList<>();

    public Mesh() {
        for (SpiffeId id : List.of(Nouns.FRONTEND, Nouns.GUEST, node, backend)) {
            issue(lubeck, id);
        }
        for (SpiffeId id : List.of(Nouns.FOREIGN, remoteBackend, gatewayId)) {
            issue(bergen, id);
        }
        SpiffeTls spiffe = new SpiffeTls(new SvidVerifier(InstantSource.system()), bundles);
        tls = new HboneTls(spiffe, bundles, InstantSource.system());
        closing.add(tls);
        closing.add(spiffe);
        pool = new TunnelPool(loops, HboneLimits.defaults(), tls, id -> Optional.ofNullable(svids.get(id)), counters);
        routes = new OutboundRoutes(node, "lubeck", "lubeck", hbonePort, gateways, health);
        calls = new OutboundCalls(() -> image, routes, choice, health, pool, log);
    }

    public void issue(TestAuthority authority, SpiffeId id) {
        TestSvid svid = authority.svid(id);
        try {
            svids.put(id, X509Svid.of(svid.chain(), svid.key()));
        } catch (MalformedSvid e) {
            throw new AssertionError(e);
        }
    }

    /** A server that proves to be {@code id} at {@code address}, on the mesh's HBONE port. */
    public HboneServer server(SpiffeId id, String address, TunnelAcceptor acceptor) throws Exception {
        return server(id, new InetSocketAddress(Nouns.ip(address), hbonePort), acceptor);
    }

    public HboneServer server(SpiffeId id, InetSocketAddress at, TunnelAcceptor acceptor) throws Exception {
        HboneServer server = new HboneServer(
                loops,
                HboneLimits.defaults(),
                tls,
                local -> Optional.ofNullable(svids.get(id)),
                ConnectionGate.HBONE_ONLY,
                acceptor,
                counters);
        servers.add(server);
        Until.done(server.bind(at));
        return server;
    }

    /** An application that says everything back. */
    public InetSocketAddress echo() throws IOException {
        return echo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public InetSocketAddress echo(InetSocketAddress at) throws IOException {
        ServerSocket listener = new ServerSocket(at.getPort(), 64, at.getAddress());
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

    /** The listeners of these workloads, whose calls go where {@link #calls} takes them. */
    public ExplicitListeners listeners(Workload... workloads) {
        ExplicitListeners listeners = new ExplicitListeners(loops, (channel, duty) -> {
            Duty.Out out = (Duty.Out) duty;
            calls.call(
                    channel,
                    out.workload(),
                    out.outbound().service(),
                    out.outbound().port());
        });
        closing.add(listeners);
        listeners.publish(List.of(workloads));
        return listeners;
    }

    public Socket dial(String address, int port) throws IOException {
        Socket socket = new Socket(Nouns.ip(address), port);
        socket.setSoTimeout((int) Until.DEADLINE.toMillis());
        closing.add(socket);
        return socket;
    }

    /** What comes back for {@code text}. */
    public static String echoed(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    /** Whether the connection ends by a reset, and not as if all had been said. */
    public static boolean isReset(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0 && isReset(socket);
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** How many calls were counted as failed, or as closed. */
    public double counted(String meter) {
        return metrics.find(meter).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    /** How many calls were counted as failed, or as closed, with this reason. */
    public double counted(String meter, String reason) {
        return metrics.find(meter).tag("reason_code", reason).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    /** A port that nobody uses on any loopback address at this moment. */
    public static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public void close() throws Exception {
        for (AutoCloseable each : closing) {
            if (each instanceof Socket || each instanceof ServerSocket) {
                each.close();
            }
        }
        Until.done(pool.drain(Duration.ZERO));
        for (HboneServer each : servers) {
            Until.done(each.drain(Duration.ZERO));
        }
        for (AutoCloseable each : closing) {
            each.close();
        }
        loops.close();
    }
}
