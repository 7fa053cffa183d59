/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.testing.Until;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What killed channels with Netty's own epoll handler. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class EpollTest {

    private final World world = new World(HboneLimits.defaults(), 2);

    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(Epoll.isAvailable());
        assertThat(world.loops.isEpoll()).isTrue();
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    void aPausedConnectionWhosePeerHalfClosedCanBeReadAndWrittenOn() throws Exception {
        CompletableFuture<Channel> half = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(world.loops.group())
                .channel(world.loops.serverChannelType())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HalfCloseWatch(half, failure));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (Socket client = World.dial((InetSocketAddress) listener.localAddress())) {
            client.getOutputStream().write(new byte[100]);
            client.shutdownOutput();
            SocketChannel channel = (SocketChannel) Until.done(half);
            for (int i = 0; i < 10; i++) {
                boolean read = i % 2 == 0;
                channel.eventLoop()
                        .submit(() -> channel.config().setAutoRead(read))
                        .sync();
            }
            channel.writeAndFlush(channel.alloc().buffer().writeByte(7)).sync();
            channel.shutdownOutput().sync();
            assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
            assertThat(failure).isNotDone();
        } finally {
            listener.close().sync();
        }
    }

    @Test
    void aHalfClosedDoubleTunnelStillAnswers() throws Exception {
        callThroughADoubleTunnel(world);
    }

    /** Fifty calls whose caller has said all before it is answered. */
    static void callThroughADoubleTunnel(World world) throws Exception {
        InetSocketAddress app = world.app(socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(StandardCharsets.UTF_8));
        });
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(app)));
        InetSocketAddress gateway = world.bind(world.server(world.gateway, world.to(server)));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.via(gateway));
        for (int i = 0; i < 50; i++) {
            try (Socket socket = World.dial(entry)) {
                socket.getOutputStream().write(new byte[100_000]);
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("got 100000");
            }
        }
    }

    private static final class HalfCloseWatch extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Channel> half;
        private final CompletableFuture<Throwable> failure;

        HalfCloseWatch(CompletableFuture<Channel> half, CompletableFuture<Throwable> failure) {
            this.half = half;
            this.failure = failure;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                half.complete(ctx.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.complete(cause);
            ctx.close();
        }
    }
}
