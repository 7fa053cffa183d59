/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Keeps what was read of a connection while the other side is dialled; auto-read is off, so it is one read at most. */
final class HeldBytes extends ChannelInboundHandlerAdapter {

    private final ArrayDeque<Object> held = new ArrayDeque<>(1);
    private @Nullable ChannelHandlerContext here;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        here = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held.add(message);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    /** Puts {@code next} behind, gives it the bytes, and leaves. */
    void giveTo(ChannelInboundHandlerAdapter next) {
        ChannelHandlerContext ctx = here;
        if (ctx == null || ctx.isRemoved()) {
            return;
        }
        ctx.pipeline().addLast(next);
        while (!held.isEmpty()) {
            ctx.fireChannelRead(held.remove());
        }
        ctx.fireChannelReadComplete();
        ctx.pipeline().remove(this);
    }
}
