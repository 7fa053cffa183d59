/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Closed-loop callers: each connection has one request under way. All run on one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // each outcome is heard by the handler: gone() and answered()
final class Callers implements AutoCloseable {

    private static final int ANSWER_BYTES = QuickBackend.ANSWER.length();
    private static final int MAX_SAMPLES = 4_000_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** Calls for a while on this many connections, kept alive or new for each call. */
    Figures measure(InetSocketAddress target, int connections, boolean keepAlive, Duration time)
            throws InterruptedException {
        Run run = new Run(target, keepAlive, time);
        for (int i = 0; i < connections; i++) {
            loop.next().execute(run::connect);
        }
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        return loop.next().submit(run::end).sync().getNow();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** One measurement; lives on the event loop alone. */
    private final class Run {

        private final InetSocketAddress target;
        private final boolean keepAlive;
        private final byte[] request;
        private final long began = System.nanoTime();
        private final long stops;
        private long[] nanos = new long[1 << 16];
        private int count;
        private long failed;
        private boolean ended;

        private Run(InetSocketAddress target, boolean keepAlive, Duration time) {
            this.target = target;
            this.keepAlive = keepAlive;
            this.stops = began + time.toNanos();
            this.request = ("GET / HTTP/1.1\r\nHost: bench.shop\r\n" + (keepAlive ? "" : "Connection: close\r\n")
                            + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        private void connect() {
            long start = System.nanoTime();
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new Caller(this, start))
                    .connect(target);
        }

        private void answered(long start) {
            if (!ended && count < MAX_SAMPLES) {
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, count * 2);
                }
                nanos[count++] = System.nanoTime() - start;
            }
        }

        /** A connection is gone; another takes its place, a little later if it failed. */
        private void gone(boolean good) {
            if (ended || System.nanoTime() >= stops) {
                return;
            }
            if (good) {
                connect();
            } else {
                failed++;
                loop.next().schedule(this::connect, 20, TimeUnit.MILLISECONDS);
            }
        }

        private Figures end() {
            ended = true;
            double seconds = (System.nanoTime() - began) / 1e9;
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return new Figures(count / seconds, at(sorted, 0.5), at(sorted, 0.99), failed);
        }

        private static double at(long[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))] / 1000.0;
        }
    }

    private static final class Caller extends SimpleChannelInboundHandler<ByteBuf> {

        private final Run run;
        private long start;
        private int got;
        private boolean good;

        private Caller(Run run, long start) {
            this.run = run;
            this.start = start;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            send(context);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf answer) {
            if (got == 0 && answer.getByte(answer.readerIndex()) != 'H') {
                context.close();
                return;
            }
            got += answer.readableBytes();
            if (got == ANSWER_BYTES) {
                got = 0;
                good = true;
                run.answered(start);
                if (run.ended || System.nanoTime() >= run.stops) {
                    context.close();
                } else if (run.keepAlive) {
                    good = false;
                    start = System.nanoTime();
                    send(context);
                }
            }
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext context) {
            run.gone(good);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private void send(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.wrappedBuffer(run.request));
        }
    }
}
