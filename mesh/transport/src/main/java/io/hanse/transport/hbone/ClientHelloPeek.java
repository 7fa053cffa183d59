/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds a new connection's first bytes until its ClientHello is whole, tells it, and gives the bytes to whoever was put
 * behind it meanwhile. At most {@link ClientHelloReader#MAX_BYTES} and a read more are held.
 */
final class ClientHelloPeek extends ChannelInboundHandlerAdapter {

    /** Hears what came, on the event loop. */
    interface Listener {
        /** Puts handlers behind this one; the bytes follow them. */
        void hello(ClientHello hello);

        /** No ClientHello, or not in time; the channel is to be closed. */
        void failed(ReasonCode reason, String detail);
    }

    private final Duration patience;
    private final Listener listener;
    private @Nullable ByteBuf held;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean told;

    ClientHelloPeek(Duration patience, Listener listener) {
        this.patience = patience;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> fail(ReasonCode.HANDSHAKE_TIMEOUT, "no ClientHello in time"),
                        patience.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (told) {
            in.release();
            return;
        }
        ByteBuf all = held == null ? in : held.writeBytes(in);
        if (held != null) {
            in.release();
        }
        held = null;
        switch (ClientHelloReader.look(all)) {
            case ClientHelloReader.Look.More more -> held = growing(ctx, all);
            case ClientHelloReader.Look.Alien alien -> {
                all.release();
                fail(ReasonCode.TLS_HANDSHAKE_FAILED, "not a TLS ClientHello");
            }
            case ClientHelloReader.Look.Hello found -> {
                tell();
                listener.hello(found.hello());
                ctx.fireChannelRead(all);
                ctx.pipeline().remove(this);
            }
        }
    }

    /** Slow senders are rare: copy once into a buffer that grows. */
    private static ByteBuf growing(ChannelHandlerContext ctx, ByteBuf all) {
        if (all.maxWritableBytes() > ClientHelloReader.MAX_BYTES) {
            return all;
        }
        ByteBuf copy = ctx.alloc().buffer(2 * all.readableBytes()).writeBytes(all);
        all.release();
        return copy;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ReasonCode.TLS_HANDSHAKE_FAILED, "closed before a ClientHello");
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ReasonCode.TLS_HANDSHAKE_FAILED, InWords.of(cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void tell() {
        told = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void fail(ReasonCode reason, String detail) {
        if (!told) {
            tell();
            release();
            listener.failed(reason, detail);
        }
    }

    private void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
