/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.transport.tls.X509Svid;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends tunnels and connections before they end themselves, and what must not. */
@Timeout(120)
final class LifeTest {

    static {
        Leaks.watch();
    }

    private static final int MANY = 500;

    /** First byte of a TLS record that holds one. */
    private static final int CLIENT_HELLO = 22;

    private final World world = new World(HboneLimits.defaults().withPool(100, 64, Duration.ofMillis(300)), 1);

    @AfterEach
    void end() throws Exception {
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private static void pingPong(Socket socket) throws IOException {
        socket.getOutputStream().write(9);
        assertThat(socket.getInputStream().read()).isEqualTo(9);
    }

    private static void endsAbruptly(Socket socket) {
        Assertions.assertThatThrownBy(() -> {
                    InputStream in = socket.getInputStream();
                    if (in.read() < 0) {
                        throw new SocketException("end instead of reset");
                    }
                })
                .hasMessageContaining("reset");
    }

    @Test
    void aDrainedServerTakesNothingNewAndLosesNothingThatRuns() throws Exception {
        HboneServer server = world.server(world.backend, world.to(world.app(World::echo)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.direct(world.bind(server)));
        try (Socket running = World.dial(entry)) {
            pingPong(running);
            CompletableFuture<Void> drained = server.drain(Duration.ofSeconds(60));
            Until.holds(() -> {
                try (Socket late = World.dial(entry)) {
                    late.getOutputStream().write(1);
                    return late.getInputStream().read() < 0;
                } catch (IOException e) {
                    return true;
                }
            });
            for (int i = 0; i < 100; i++) {
                pingPong(running);
            }
            assertThat(drained).isNotDone();
            running.shutdownOutput();
            assertThat(running.getInputStream().read()).isEqualTo(-1);
            Until.done(drained);
        }
    }

    @Test
    void theLastBytesOfACallThatOutlivesTheSvidArrive() throws Exception {
        CompletableFuture<Integer> late = new CompletableFuture<>();
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(socket -> {
            socket.getOutputStream().write(7);
            socket.shutdownOutput();
            try {
                late.complete(socket.getInputStream().readAllBytes().length);
            } catch (IOException e) {
                late.completeExceptionally(e);
            }
        }))));
        InetSocketAddress gateway = world.bind(world.server(world.gateway, world.to(server)));
        TunnelPool pool = world.pool();
        InetSocketAddress entry = world.tunnelled(pool, world.via(gateway));
        try (Socket socket = World.dial(entry)) {
            assertThat(socket.getInputStream().readAllBytes()).containsExactly(7);
            pool.renewed(world.frontend);
            for (EventLoop each : world.loops.each()) {
                each.submit(() -> {}).sync();
            }
            // The last stream of the inner tunnel ends here, and the tunnel with it.
            socket.getOutputStream().write(new byte[50_000]);
            socket.shutdownOutput();
            assertThat(Until.done(late)).isEqualTo(50_000);
        }
    }

    @Test
    void aRenewedSvidMovesNewCallsAndLeavesRunningOnesAlone() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        InetSocketAddress gateway = world.bind(world.server(world.gateway, world.to(server)));
        TunnelPool pool = world.pool();
        InetSocketAddress entry = world.tunnelled(pool, world.via(gateway));
        try (Socket running = World.dial(entry)) {
            pingPong(running);
            assertThat(world.metrics.clientConnections()).isEqualTo(2);
            world.issue(world.lubeck, world.frontend);
            pool.renewed(world.frontend);
            try (Socket next = World.dial(entry)) {
                pingPong(next);
            }
            // A new inner tunnel over the same outer one.
            assertThat(world.metrics.clientConnections()).isEqualTo(3);
            pingPong(running);
        }
        Until.holds(() -> pool.connections().isEmpty());
    }

    @Test
    void aServersSvidRenewedDuringAHandshakeMovesNewCallsToo() throws Exception {
        Queue<X509Svid> shown =
                new ConcurrentLinkedQueue<>(List.of(Objects.requireNonNull(world.svids.get(world.backend))));
        world.issue(world.bergen, world.backend);
        X509Svid renewed = Objects.requireNonNull(world.svids.get(world.backend));
        HboneServer server = world.server(
                at -> Optional.of(Objects.requireNonNullElse(shown.poll(), renewed)),
                ConnectionGate.HBONE_ONLY,
                world.to(world.app(World::echo)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.direct(world.bind(server)));
        try (Socket running = World.dial(entry)) {
            pingPong(running);
            Until.holds(() -> {
                try (Socket next = World.dial(entry)) {
                    pingPong(next);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return world.metrics.clientConnections() == 2;
            });
            pingPong(running);
        }
        Until.holds(() -> server.connections().size() <= 1);
    }

    @Test
    @DisplayName("SVIDs of all four that are replaced all the time, at any moment of a handshake, fail no call")
    void renewalsAtAnyMomentFailNoCall() throws Exception {
        HboneServer server = world.server(world.backend, world.to(world.app(World::echo)));
        InetSocketAddress address = world.bind(server);
        HboneServer gateway = world.server(world.gateway, world.to(address));
        TunnelPool pool = world.pool();
        List<InetSocketAddress> entries = List.of(
                world.tunnelled(pool, world.direct(address)), world.tunnelled(pool, world.via(world.bind(gateway))));
        AtomicBoolean over = new AtomicBoolean();
        Thread renewer = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                world.issue(world.bergen, world.backend);
                server.connections().forEach(LiveConnection::drain);
                world.issue(world.lubeck, world.frontend);
                pool.renewed(world.frontend);
                world.issue(world.bergen, world.gateway);
                gateway.connections().forEach(LiveConnection::drain);
                world.issue(world.lubeck, world.node);
                pool.renewed(world.node);
            }
        });
        for (int i = 0; i < MANY; i++) {
            try (Socket socket = World.dial(entries.get(i % 2))) {
                pingPong(socket);
            }
        }
        over.set(true);
        renewer.join();
        assertThat(world.outcomes).hasSize(MANY).allMatch(OpenOutcome.Opened.class::isInstance);
        assertThat(world.metrics.clientConnections()).as("renewals met calls").isGreaterThan(MANY / 4);
    }

    @Test
    @DisplayName("an outer connection that ends while it carries a handshake is replaced, and the call is made")
    void aCarrierThatEndsMeanwhileIsReplaced() throws Exception {
        InetSocketAddress address = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        AtomicReference<HboneServer> gateway = new AtomicReference<>();
        InetSocketAddress swallow = world.app(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(CLIENT_HELLO);
            gateway.get().connections().forEach(each -> each.close(ReasonCode.TRUST_WITHDRAWN));
            socket.getInputStream().readAllBytes(); // this end is not the first to close
        });
        AtomicInteger asked = new AtomicInteger();
        gateway.set(world.server(
                world.gateway,
                request -> request.connect(asked.getAndIncrement() < 2 ? swallow : address, world.serverStats::add)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.via(world.bind(gateway.get())));
        try (Socket socket = World.dial(entry)) {
            pingPong(socket);
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    @DisplayName("an outer connection that ends each time is the gateway's failure, and is tried thrice")
    void aCarrierThatAlwaysEndsIsTheGatewaysFailure() throws Exception {
        AtomicReference<HboneServer> gateway = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        InetSocketAddress swallow = world.app(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(CLIENT_HELLO);
            asked.getAndIncrement();
            gateway.get().connections().forEach(each -> each.close(ReasonCode.TRUST_WITHDRAWN));
            socket.getInputStream().readAllBytes(); // this end is not the first to close
        });
        gateway.set(world.server(world.gateway, world.to(swallow)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.via(world.bind(gateway.get())));
        try (Socket socket = World.dial(entry)) {
            assertThat(world.outcomes.poll(30, TimeUnit.SECONDS))
                    .isEqualTo(new OpenOutcome.Failed(
                            Hop.GATEWAY, ReasonCode.TRUST_WITHDRAWN, "the gateway's connection ended meanwhile"));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void idleConnectionsAreReleased() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        TunnelPool pool = world.pool();
        InetSocketAddress entry = world.tunnelled(pool, world.direct(server));
        try (Socket socket = World.dial(entry)) {
            pingPong(socket);
            assertThat(pool.connections()).hasSize(1);
        }
        Until.holds(() -> pool.connections().isEmpty());
    }

    @Test
    void withdrawnTrustEndsLiveConnectionsWithThatReason() throws Exception {
        HboneServer server = world.server(world.backend, world.to(world.app(World::echo)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.direct(world.bind(server)));
        try (Socket socket = World.dial(entry)) {
            pingPong(socket);
            world.trust(TestAuthority.bundles(world.bergen));
            endsAbruptly(socket);
            TunnelStats stats = world.serverStats.poll(30, TimeUnit.SECONDS);
            assertThat(stats).isNotNull();
            assertThat(stats.reason()).isEqualTo(ReasonCode.TRUST_WITHDRAWN);
        }
        Until.holds(() -> server.connections().isEmpty());
    }

    @Test
    void aLiveTunnelIsClosedWhenAPolicyChanges() throws Exception {
        HboneServer server = world.server(world.backend, world.to(world.app(World::echo)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.direct(world.bind(server)));
        try (Socket denied = World.dial(entry);
                Socket other = World.dial(entry)) {
            pingPong(denied);
            pingPong(other);
            List<LiveTunnel> tunnels = server.connections().getFirst().tunnels();
            assertThat(tunnels).hasSize(2);
            assertThat(tunnels).allMatch(tunnel -> tunnel.peer().id().equals(world.frontend));
            tunnels.forEach(tunnel -> tunnel.close(ReasonCode.DENIED_BY_POLICY));
            endsAbruptly(denied);
            TunnelStats stats = world.serverStats.poll(30, TimeUnit.SECONDS);
            assertThat(stats).isNotNull();
            assertThat(stats.reason()).isEqualTo(ReasonCode.DENIED_BY_POLICY);
            try (Socket next = World.dial(entry)) {
                pingPong(next);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsToldAtBind() throws Exception {
        HboneServer first = world.server(world.backend, world.to(world.app(World::echo)));
        InetSocketAddress bound = world.bind(first);
        HboneServer second = world.server(world.backend, world.to(bound));
        Assertions.assertThatThrownBy(() -> Until.done(second.bind(bound)))
                .hasRootCauseInstanceOf(java.net.BindException.class);
        Until.done(first.unbind(bound));
        assertThat(Until.done(second.bind(bound))).isEqualTo(bound);
    }

    @Test
    void theGatePassesAServerNameThroughUntouchedAndTakesTheRestAsHbone() throws Exception {
        CompletableFuture<Integer> firstByte = new CompletableFuture<>();
        InetSocketAddress registry = world.app(socket -> {
            firstByte.complete(socket.getInputStream().read());
            socket.getOutputStream().write("seen".getBytes(StandardCharsets.US_ASCII));
        });
        ConnectionGate gate =
                (hello, local, remote) -> hello.serverName().equals(Optional.of("registry.hanse.internal"))
                        ? new Admission.PassThrough(registry, world.serverStats::add)
                        : hello.protocols().contains("h2")
                                ? new Admission.Hbone()
                                : new Admission.Refuse(ReasonCode.BAD_REQUEST);
        HboneServer server = world.server(world.backend, gate, world.to(world.app(World::echo)));
        InetSocketAddress address = world.bind(server);
        try (Socket socket = World.dial(world.tunnelled(world.pool(), world.direct(address)))) {
            pingPong(socket);
        }
        SSLContext context = SSLContext.getDefault();
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("registry.hanse.internal")));
            socket.setSSLParameters(parameters);
            // The "registry" here answers nonsense: the client must see exactly that.
            Assertions.assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
        assertThat(Until.done(firstByte)).isEqualTo(CLIENT_HELLO);
    }

    @Test
    void whatIsNoClientHelloIsRefused() throws Exception {
        ConnectionGate gate = (hello, local, remote) -> new Admission.Refuse(ReasonCode.BAD_REQUEST);
        InetSocketAddress address =
                world.bind(world.server(world.backend, gate, request -> request.refuse(503, ReasonCode.NO_ENDPOINT)));
        try (Socket socket = World.dial(address)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            // Closed with our bytes unread: a reset is as good.
            assertThat(e).hasMessageContaining("reset");
        }
        assertThat(world.metrics.refused.poll(30, TimeUnit.SECONDS)).isEqualTo(ReasonCode.TLS_HANDSHAKE_FAILED);
    }
}
