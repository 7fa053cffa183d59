/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.PeerGate;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.transport.tls.TlsPeer;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;

/**
 * Puts TLS and {@link PeerGate} into a pipeline, waits for the end of the handshake, tells it once, and removes itself.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {

    /** Read from TCP for TLS: 256 KiB at once is worth 19 % of throughput over 64 KiB (ADR 0004). */
    private static final AdaptiveRecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(1_024, 8_192, 262_144);

    /** Ciphertext that may wait for a TCP peer before streams pause, and when they go on. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    private static final String CLOSED = "the peer closed the connection during the handshake and gave no reason";

    /** Hears how it went, on the event loop. */
    interface Listener {
        /** The peer is proved and wanted; what speaks HTTP/2 is to be added to the pipeline now. */
        void verified(TlsPeer peer);

        /** The channel is being closed. */
        void failed(ReasonCode reason, String detail);
    }

    private final Listener listener;
    private boolean told;

    private TlsHandshake(Listener listener) {
        this.listener = listener;
    }

    /** Starts the handshake on {@code channel}. */
    static void start(Channel channel, SslHandler tls, PeerCheck check, Listener listener) {
        channel.pipeline().addLast(tls, new PeerGate(tls, check), new TlsHandshake(listener));
    }

    /** Options of a TCP channel that carries TLS. */
    static void prepare(Channel tcp) {
        tcp.config().setOption(ChannelOption.TCP_NODELAY, true);
        // TLS knows no half closure here: a FIN must end the connection and every tunnel in it, not only its input.
        tcp.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        tcp.config().setRecvByteBufAllocator(READS);
        tcp.config().setWriteBufferWaterMark(MARKS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof TlsPeer peer && !told) {
            told = true;
            listener.verified(peer);
            ctx.pipeline().remove(this);
        } else if (event instanceof PeerGate.Failed failed) {
            fail(ctx, failed.reason(), detailOf(failed.cause()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, ReasonCode.TLS_HANDSHAKE_FAILED, CLOSED);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, PeerRefused.reasonOf(cause), detailOf(cause));
    }

    private static String detailOf(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return CLOSED;
        }
        return PeerRefused.in(cause).map(PeerRefused::detail).orElseGet(() -> InWords.of(cause));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
    private void fail(ChannelHandlerContext ctx, ReasonCode reason, String detail) {
        if (!told) {
            told = true;
            listener.failed(reason, detail);
        }
        ctx.close();
    }
}
