/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * Copies bytes between two TCP connections on one event loop, untouched, until both directions have ended. A side is not
 * read while the other cannot be written.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
final class RawSplice {

    private final Side accepted;
    private final Side dialled;
    private final TunnelListener listener;
    private final long started;
    private final Backlogs backlogs;
    private boolean over;

    RawSplice(Channel accepted, Channel dialled, TunnelListener listener, long started, Backlogs backlogs) {
        this.accepted = new Side(accepted);
        this.dialled = new Side(dialled);
        this.listener = listener;
        this.started = started;
        this.backlogs = backlogs;
        this.accepted.other = this.dialled;
        this.dialled.other = this.accepted;
    }

    /** Both sides are up; {@code held} is what the accepted one said so far. */
    void start(HeldBytes held) {
        listener.opened();
        for (Side each : List.of(accepted, dialled)) {
            each.tcp.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            each.tcp.config().setOption(ChannelOption.TCP_NODELAY, true);
        }
        dialled.tcp.pipeline().addLast(dialled);
        accepted.tcp.pipeline().addLast(accepted);
        held.giveUp();
        if (!accepted.tcp.isActive() || !dialled.tcp.isActive()) {
            end(ReasonCode.RESET_BY_CLIENT, "connection closed");
            return;
        }
        accepted.tcp.config().setAutoRead(true);
        dialled.tcp.config().setAutoRead(true);
    }

    private void end(ReasonCode reason, String detail) {
        if (!over) {
            over = true;
            Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
            listener.closed(new TunnelStats(dialled.written, accepted.written, took, reason, detail, List.of()));
            accepted.tcp.close();
            dialled.tcp.close();
        }
    }

    private void reset(ReasonCode reason, String detail) {
        if (!over) {
            for (Side each : List.of(accepted, dialled)) {
                if (each.tcp.isOpen()) {
                    each.tcp.config().setOption(ChannelOption.SO_LINGER, 0);
                }
            }
            end(reason, detail);
        }
    }

    private final class Side extends ChannelInboundHandlerAdapter {
        private final Channel tcp;
        private final Backlog waiting = new Waiting(this);
        private Side other = this;
        private long written;
        private boolean ended;
        private boolean shut;

        Side(Channel tcp) {
            this.tcp = tcp;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            int n = ((ByteBuf) message).readableBytes();
            other.written += n;
            other.tcp.write(message, other.tcp.voidPromise());
            if (!other.tcp.isWritable()) {
                tcp.config().setAutoRead(false);
                backlogs.grew(other.waiting, n);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.tcp.flush();
            if (other.waiting.waiting() > 0) {
                backlogs.grew(other.waiting, 0); // the kernel did not take all
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (tcp.isWritable() && !over) {
                other.tcp.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !ended) {
                ended = true;
                other.tcp.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> other.shutOutput());
            }
        }

        private void shutOutput() {
            if (!over) {
                ((DuplexChannel) tcp).shutdownOutput();
                shut = true;
                if (ended && other.ended && other.shut) {
                    end(ReasonCode.OK, "");
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            abort("connection closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            abort(InWords.of(cause));
        }

        private void abort(String detail) {
            reset(this == accepted ? ReasonCode.RESET_BY_CLIENT : ReasonCode.RESET_BY_SERVER, detail);
        }
    }

    /** What waits for one side. */
    private final class Waiting extends Backlog {
        private final Side side;

        Waiting(Side side) {
            super(Holder.UNPROVED);
            this.side = side;
        }

        @Override
        long waiting() {
            ChannelOutboundBuffer unsent = side.tcp.unsafe().outboundBuffer();
            return unsent == null ? 0 : unsent.totalPendingWriteBytes();
        }

        @Override
        long passed() {
            return side.written - waiting();
        }

        @Override
        void giveWay() {
            reset(ReasonCode.LIMIT_EXCEEDED, "memory is scarce, and bytes wait that nobody takes");
        }
    }
}
