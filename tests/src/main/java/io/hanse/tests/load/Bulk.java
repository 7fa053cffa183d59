/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** As many bytes as go, in one direction, over a few connections. On the event loop alone. */
@SuppressWarnings("FutureReturnValueIgnored") // each outcome is heard by the handler
final class Bulk implements Callers.Work {

    /** What is read from a socket at once, at most. */
    private static final int MAX_READ_BYTES = 256 * 1024;

    private static final double BYTES_PER_GIGABYTE = 1e9;

    private final Callers callers;
    private final InetSocketAddress target;
    private final Kind kind;
    private final List<Flow> flows = new ArrayList<>();
    private long bytes;
    private int moving;
    private long failed;
    private boolean ended;

    Bulk(Callers callers, InetSocketAddress target, Kind kind) {
        this.callers = callers;
        this.target = target;
        this.kind = kind;
    }

    @Override
    public void begin() {
        for (int i = 0; i < kind.connections(); i++) {
            Flow flow = new Flow();
            flows.add(flow);
            callers.connect(target, flow);
        }
    }

    @Override
    public boolean isWarm() {
        return moving == kind.connections();
    }

    @Override
    public void startCounting() {
        bytes = 0;
    }

    @Override
    public Callers.Outcome end() {
        ended = true;
        double gigabytes = bytes / BYTES_PER_GIGABYTE;
        flows.forEach(Flow::close);
        return new Callers.Outcome(gigabytes, 0, 0, 0, failed);
    }

    /** One connection. */
    private final class Flow extends ChannelInboundHandlerAdapter {

        private @Nullable ChannelHandlerContext context;
        private boolean moved;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
            added.channel()
                    .config()
                    .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(64, 2048, MAX_READ_BYTES));
        }

        @Override
        public void channelActive(ChannelHandlerContext active) {
            String path = kind.shape() == Kind.Shape.UP ? QuickBackend.SINK : QuickBackend.SOURCE;
            active.writeAndFlush(
                    Unpooled.copiedBuffer(path + " HTTP/1.1\r\nHost: bench.shop\r\n\r\n", StandardCharsets.US_ASCII));
            push();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext changed) {
            push();
        }

        private void push() {
            ChannelHandlerContext to = context();
            boolean any = false;
            while (kind.shape() == Kind.Shape.UP && !ended && to.channel().isWritable()) {
                to.write(QuickBackend.CHUNK.duplicate()).addListener(written -> {
                    if (written.isSuccess()) {
                        count(QuickBackend.CHUNK.readableBytes());
                    }
                });
                any = true;
            }
            if (any) {
                to.flush();
            }
        }

        private void count(int n) {
            bytes += n;
            if (!moved) {
                moved = true;
                moving++;
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            ByteBuf data = (ByteBuf) message;
            count(data.readableBytes());
            data.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) {
            if (!ended) {
                failed++;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            from.close();
        }

        private ChannelHandlerContext context() {
            return Objects.requireNonNull(context, "not in a pipeline");
        }

        private void close() {
            context().close();
        }
    }
}
