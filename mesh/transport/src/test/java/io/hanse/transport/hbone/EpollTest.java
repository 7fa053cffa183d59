/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.testing.Until;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What killed channels with Netty's own epoll handler. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class EpollTest {

    private static final int ROUNDS = 50;

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
    @DisplayName("what is told of a socket that was closed meanwhile does not reach the next one with its number")
    void oldNewsDoesNotReachANewSocket() throws Exception {
        EventLoop loop = world.loops.each().getFirst();
        InetSocketAddress echo = world.app(World::echo);
        int reused = 0;
        try (ServerSocket remote = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            for (int round = 0; round < ROUNDS; round++) {
                EpollSocketChannel leaving =
                        dial(loop, remote.getLocalSocketAddress(), new ChannelInboundHandlerAdapter());
                Socket leaver = remote.accept();
                int number = leaving.fd().intValue();
                CompletableFuture<EpollSocketChannel> next = new CompletableFuture<>();
                CompletableFuture<Byte> answer = new CompletableFuture<>();
                dial(loop, remote.getLocalSocketAddress(), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ((ByteBuf) message).release();
                        leaving.close();
                        ChannelFuture dialled = dialling(loop, new Ping(answer)).connect(echo);
                        next.complete((EpollSocketChannel) dialled.channel());
                        ctx.close();
                    }
                });
                Socket speaker = remote.accept();
                AtomicBoolean both = new AtomicBoolean();
                loop.execute(() -> {
                    while (!both.get()) {
                        // busy with what came before
                    }
                });
                // One batch, in this order: bytes for one, the end of the other.
                speaker.getOutputStream().write(1);
                leaver.close();
                both.set(true);
                reused += Until.done(next).fd().intValue() == number ? 1 : 0;
                assertThat(Until.done(answer)).isEqualTo((byte) 7);
                speaker.close();
            }
        }
        assertThat(reused).as("sockets that got the number of the one before").isPositive();
    }

    private static Bootstrap dialling(EventLoop loop, ChannelInboundHandlerAdapter handler) {
        return new Bootstrap().group(loop).channel(EpollSocketChannel.class).handler(handler);
    }

    private static EpollSocketChannel dial(EventLoop loop, SocketAddress to, ChannelInboundHandlerAdapter handler)
            throws Exception {
        return (EpollSocketChannel) dialling(loop, handler).connect(to).sync().channel();
    }

    /** Says 7 and keeps what it hears. */
    private static final class Ping extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Byte> answer;

        Ping(CompletableFuture<Byte> answer) {
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeByte(7));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            answer.complete(bytes.readByte());
            bytes.release();
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new IllegalStateException("closed"));
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
