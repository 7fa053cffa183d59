/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class TunnelTest {

    static {
        Leaks.watch();
    }

    private final World world = new World();

    @AfterEach
    void end() throws Exception {
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private InetSocketAddress oneHop(World.App app) throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(app))));
        return world.tunnelled(world.pool(), world.direct(server));
    }

    private InetSocketAddress twoHops(World.App app) throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(app))));
        InetSocketAddress gateway = world.bind(world.server(world.gateway, world.to(server)));
        return world.tunnelled(world.pool(), world.via(gateway));
    }

    private static void echoes(InetSocketAddress entry, String text) throws IOException {
        try (Socket socket = World.dial(entry)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(bytes);
            assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void carriesBytesThroughOneHopAndTellsBothSidesWhoWasThere() throws Exception {
        echoes(oneHop(World::echo), "hello hanse");

        TunnelStats server = world.serverStats.poll(30, TimeUnit.SECONDS);
        TunnelStats client = world.clientStats.poll(30, TimeUnit.SECONDS);
        assertThat(server).isNotNull();
        assertThat(client).isNotNull();
        assertThat(server.peers()).containsExactly(world.frontend);
        assertThat(client.peers()).containsExactly(world.backend);
        assertThat(server.reason()).isEqualTo(ReasonCode.OK);
        assertThat(client.reason()).isEqualTo(ReasonCode.OK);
        assertThat(client.bytesSent()).isEqualTo(11);
        assertThat(client.bytesReceived()).isEqualTo(11);
        assertThat(server.bytesSent()).isEqualTo(11);
    }

    @Test
    void aTunnelThatStandsKeepsNoneOfTheHeadersThatAskedForIt() throws Exception {
        InetSocketAddress app = world.app(World::echo);
        AtomicReference<TunnelRequest> asked = new AtomicReference<>();
        AtomicReference<RequestHeaders> sent = new AtomicReference<>();
        InetSocketAddress server = world.bind(world.server(world.backend, request -> {
            asked.set(request);
            sent.set(request.headers());
            request.connect(app, world.serverStats::add);
        }));
        try (Socket socket = World.dial(world.tunnelled(world.pool(), world.direct(server)))) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            assertThat(sent.get().has("forwarded")).isTrue();
            assertThat(asked.get().headers()).isEqualTo(RequestHeaders.NONE);
            assertThat(asked.get().authority()).isEqualTo("backend.shop.svc.cluster.local:80");
        }
    }

    @Test
    void carriesBytesThroughADoubleTunnelWithTheCallersOwnIdentity() throws Exception {
        echoes(twoHops(World::echo), "hello bergen");

        // The gateway's own tunnel lives on with the pooled connection: this is the endpoint's.
        assertThat(world.serverStats.take().peers()).containsExactly(world.frontend);
        assertThat(world.clientStats.take().peers()).containsExactly(world.gateway, world.backend);
    }

    @Test
    void reusesOneConnectionForManyCallsOfALoop() throws Exception {
        InetSocketAddress entry = twoHops(World::echo);
        for (int i = 0; i < 40; i++) {
            echoes(entry, "call " + i);
        }
        // An outer and an inner one for each of the two loops.
        assertThat(world.metrics.clientConnections()).isLessThanOrEqualTo(4);
    }

    @Test
    void halfCloseByTheClientReachesTheApplicationAndItsAnswerStillReturns() throws Exception {
        InetSocketAddress entry = twoHops(socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(StandardCharsets.UTF_8));
        });
        try (Socket socket = World.dial(entry)) {
            socket.getOutputStream().write(new byte[100_000]);
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("got 100000");
        }
    }

    @Test
    void halfCloseByTheApplicationReachesTheClientWhichMayStillSend() throws Exception {
        CompletableFuture<Integer> late = new CompletableFuture<>();
        InetSocketAddress entry = oneHop(socket -> {
            socket.getOutputStream().write(7);
            socket.shutdownOutput();
            late.complete(socket.getInputStream().readAllBytes().length);
        });
        try (Socket socket = World.dial(entry)) {
            assertThat(socket.getInputStream().readAllBytes()).containsExactly(7);
            socket.getOutputStream().write(new byte[5_000]);
            socket.shutdownOutput();
            assertThat(Until.done(late)).isEqualTo(5_000);
        }
    }

    @Test
    void carriesFiftyMegabytesInBothDirectionsAtOnceThroughOneHop() throws Exception {
        bothDirections(oneHop(World::echo), 50 * 1024 * 1024);
    }

    @Test
    void carriesFiftyMegabytesInBothDirectionsAtOnceThroughADoubleTunnel() throws Exception {
        bothDirections(twoHops(World::echo), 50 * 1024 * 1024);
    }

    private static void bothDirections(InetSocketAddress entry, int total) throws Exception {
        byte[] block = new byte[64 * 1024];
        new Random(1).nextBytes(block);
        try (Socket socket = World.dial(entry)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    for (int n = 0; n < total; n += block.length) {
                        out.write(block);
                    }
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            InputStream in = socket.getInputStream();
            int got = 0;
            byte[] read = new byte[64 * 1024];
            for (int n = in.read(read); n >= 0; n = in.read(read)) {
                for (int i = 0; i < n; i++) {
                    if (read[i] != block[(got + i) % block.length]) {
                        throw new AssertionError("byte " + (got + i) + " differs");
                    }
                }
                got += n;
            }
            assertThat(got).isEqualTo(total);
            Until.done(sent);
        }
    }

    @Test
    void holdsAThousandTunnelsAtOnce() throws Exception {
        InetSocketAddress entry = oneHop(World::echo);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                sockets.add(World.dial(entry));
            }
            for (int i = 0; i < sockets.size(); i++) {
                sockets.get(i).getOutputStream().write(i & 0x7f);
            }
            for (int i = 0; i < sockets.size(); i++) {
                assertThat(sockets.get(i).getInputStream().read()).isEqualTo(i & 0x7f);
            }
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @Test
    void stalledReadersDoNotStopAnotherTunnelOfTheSameConnection() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger order = new AtomicInteger();
        InetSocketAddress entry = twoHops(socket -> {
            if (order.getAndIncrement() % 3 != 2) {
                byte[] block = new byte[64 * 1024];
                while (over.getCount() > 0) {
                    socket.getOutputStream().write(block);
                }
            } else {
                World.echo(socket);
            }
        });
        List<Socket> stalled = new ArrayList<>();
        try {
            // Both loops get stalled tunnels: the third call shares a connection with some of them.
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 2; i++) {
                    Socket socket = World.dial(entry);
                    stalled.add(socket);
                    assertThat(socket.getInputStream().read()).isEqualTo(0);
                }
                echoesMuch(entry);
            }
        } finally {
            over.countDown();
            for (Socket each : stalled) {
                each.close();
            }
        }
    }

    private static void echoesMuch(InetSocketAddress entry) throws Exception {
        bothDirections(entry, 2 * 1024 * 1024);
    }

    @Test
    void anAbruptEndOfTheClientResetsTheApplication() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        InetSocketAddress entry = twoHops(socket -> {
            socket.getOutputStream().write(2);
            try {
                int n = socket.getInputStream().readAllBytes().length;
                seen.complete("end after " + n);
            } catch (IOException e) {
                seen.complete("reset");
            }
        });
        try (Socket socket = World.dial(entry)) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).as("the tunnel stands").isEqualTo(2);
            socket.setSoLinger(true, 0);
        }
        assertThat(Until.done(seen)).isEqualTo("reset");
        assertThat(world.clientStats.take().reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT);
        assertThat(world.serverStats.take().reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT);
    }

    @Test
    void anAbruptEndOfTheApplicationResetsTheClient() throws Exception {
        InetSocketAddress entry = oneHop(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        });
        try (Socket socket = World.dial(entry)) {
            socket.getOutputStream().write(1);
            InputStream in = socket.getInputStream();
            org.assertj.core.api.Assertions.assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        }
        assertThat(world.serverStats.take().reason()).isEqualTo(ReasonCode.RESET_BY_SERVER);
        assertThat(world.clientStats.take().reason()).isEqualTo(ReasonCode.RESET_BY_SERVER);
    }
}
