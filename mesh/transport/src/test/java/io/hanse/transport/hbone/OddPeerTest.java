/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool makes of servers that say what ours never would, and of calls and connections that come at odd moments. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class OddPeerTest {

    static {
        Leaks.watch();
    }

    private static final HboneLimits DEFAULTS = HboneLimits.defaults();

    /** One connection per key; those without tunnels end soon, and nobody waits long. */
    private final World world = new World(
            new HboneLimits(
                    DEFAULTS.h2(),
                    DEFAULTS.maxConnections(),
                    DEFAULTS.maxHandshakes(),
                    DEFAULTS.maxPerPeer(),
                    DEFAULTS.maxPassThrough(),
                    DEFAULTS.clientHello(),
                    DEFAULTS.handshake(),
                    DEFAULTS.connect(),
                    Duration.ofSeconds(2),
                    DEFAULTS.streamsPerConnection(),
                    1,
                    DEFAULTS.waitingPerKey(),
                    Duration.ofMillis(300)),
            1);

    @AfterEach
    void end() throws Exception {
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private InetSocketAddress server(Scripted.Script script) throws Exception {
        return world.app(Scripted.server(world.bergen.svid(world.backend), script));
    }

    private static void echoOneByte(Scripted connection) throws IOException {
        int stream = connection.next(Scripted.HEADERS).stream();
        connection.send(Scripted.HEADERS, Scripted.END_HEADERS, stream, Scripted.STATUS_200);
        String said = connection.next(Scripted.DATA).payload();
        connection.send(Scripted.DATA, 0, stream, said.getBytes(StandardCharsets.ISO_8859_1));
        connection.untilEnd();
    }

    @Test
    @DisplayName("a server that allows no stream fails the call in time, so that another may be tried")
    void noStreams() throws Exception {
        InetSocketAddress server = server(connection -> {
            connection.allow(0);
            connection.untilEnd();
        });
        try (Socket socket = World.dial(world.tunnelled(world.pool(), world.direct(server)))) {
            assertThat(Until.next(world.outcomes))
                    .isEqualTo(new OpenOutcome.Failed(
                            Hop.ENDPOINT, ReasonCode.LIMIT_EXCEEDED, "no connection had room in time"));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("a server that allows streams later is heard")
    void streamsLater() throws Exception {
        InetSocketAddress server = server(connection -> {
            connection.allow(0);
            connection.next(Scripted.SETTINGS);
            connection.next(Scripted.SETTINGS); // the acknowledgement
            connection.allow(100);
            echoOneByte(connection);
        });
        try (Socket socket = World.dial(world.tunnelled(world.pool(), world.direct(server)))) {
            socket.getOutputStream().write(9);
            assertThat(socket.getInputStream().read()).isEqualTo(9);
            assertThat(Until.next(world.outcomes)).isInstanceOf(OpenOutcome.Opened.class);
        }
    }

    @Test
    @DisplayName("200 that ends the stream is no tunnel: not a byte of the application is taken")
    void answerWithoutTunnel() throws Exception {
        InetSocketAddress server = server(connection -> {
            connection.allow(100);
            int stream = connection.next(Scripted.HEADERS).stream();
            connection.send(Scripted.HEADERS, Scripted.END_HEADERS | Scripted.END_STREAM, stream, Scripted.STATUS_200);
            connection.untilEnd();
        });
        try (Socket socket = World.dial(world.tunnelled(world.pool(), world.direct(server)))) {
            socket.getOutputStream().write(9);
            assertThat(Until.next(world.outcomes))
                    .isEqualTo(new OpenOutcome.Failed(
                            Hop.ENDPOINT, ReasonCode.PROTOCOL_ERROR, "endpoint answered without a tunnel"));
        }
    }

    @Test
    @DisplayName("a connection that is offered to an application which has left is idle still, and ends so")
    void nobodyWantsIt() throws Exception {
        InetSocketAddress server = server(connection -> {
            connection.allow(1);
            echoOneByte(connection);
        });
        TunnelPool pool = world.pool();
        Channel gone = applicationOn(world.loops);
        CompletableFuture<OpenOutcome> outcome;
        try (Socket socket = World.dial(world.tunnelled(pool, world.direct(server)))) {
            socket.getOutputStream().write(9);
            assertThat(socket.getInputStream().read()).isEqualTo(9);
            outcome = CompletableFuture.supplyAsync(
                            () -> pool.open(gone, world.direct(server), TunnelListener.NONE), gone.eventLoop())
                    .thenCompose(opening -> opening);
            gone.close().sync();
            socket.setSoLinger(true, 0);
        }
        assertThat(Until.done(outcome))
                .isInstanceOfSatisfying(
                        OpenOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT));
        Until.holds(() -> pool.connections().isEmpty());
    }

    private Channel applicationOn(EventLoops loops) throws Exception {
        return new Bootstrap()
                .group(loops.group())
                .channel(loops.channelType())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(world.app(World::echo))
                .sync()
                .channel();
    }

    @Test
    @DisplayName("a handshake that ends after the drain brings no connection any more")
    void handshakeAfterDrain() throws Exception {
        CompletableFuture<Void> accepted = new CompletableFuture<>();
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        World.App server = Scripted.server(world.bergen.svid(world.backend), connection -> {
            connection.untilEnd();
            ended.complete(null);
        });
        InetSocketAddress address = world.app(socket -> {
            accepted.complete(null);
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            server.serve(socket);
        });
        TunnelPool pool = world.pool();
        try (Socket socket = World.dial(world.tunnelled(pool, world.direct(address)))) {
            Until.done(accepted);
            Until.done(pool.drain(Duration.ZERO));
            goOn.countDown();
            assertThat(Until.next(world.outcomes))
                    .isInstanceOfSatisfying(
                            OpenOutcome.Failed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.DRAINING));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            Until.done(ended);
        }
        Until.holds(() -> pool.connections().isEmpty());
    }
}
