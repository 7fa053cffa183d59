/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what arrives on a connection before its other side is up, in order, end of input included. Auto-read is off
 * meanwhile, yet epoll reads what is left when the peer has half closed; so this holds at most a socket's receive buffer.
 */
final class HeldBytes extends ChannelInboundHandlerAdapter {

    private final ArrayDeque<Object> held = new ArrayDeque<>(1);
    private @Nullable ChannelHandlerContext here;
    private boolean inputEnded;

    /** The one of this channel, put at the end of its pipeline if there is none yet. */
    static HeldBytes of(Channel channel) {
        HeldBytes there = channel.pipeline().get(HeldBytes.class);
        if (there == null) {
            there = new HeldBytes();
            channel.pipeline().addLast(there);
        }
        return there;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        here = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    /** Passes on to the handlers behind, and leaves. */
    void giveUp() {
        ChannelHandlerContext ctx = here;
        if (ctx == null || ctx.isRemoved()) {
            return;
        }
        while (!held.isEmpty()) {
            ctx.fireChannelRead(held.remove());
        }
        ctx.fireChannelReadComplete();
        if (inputEnded) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }
}
