/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * Stands right behind the {@link SslHandler} until the handshake ends. A proved and wanted peer becomes the channel
 * attribute {@link #PEER} and the user event {@link TlsPeer}; anything else becomes a {@link PeerRefused} or the TLS
 * stack's exception as {@link Failed} event, and the channel closes. No application byte passes before.
 */
public final class PeerGate extends ChannelInboundHandlerAdapter {

    /** Who is at the other end, once the handshake is over. */
    public static final AttributeKey<TlsPeer> PEER = AttributeKey.valueOf(PeerGate.class, "peer");

    private final SslHandler tls;
    private final PeerCheck check;
    private final boolean applicationProtocolRequired;

    /**
     * For one connection.
     *
     * @param tls the handler before this one
     * @param check who is wanted
     */
    public PeerGate(SslHandler tls, PeerCheck check) {
        this(tls, check, true);
    }

    PeerGate(SslHandler tls, PeerCheck check, boolean applicationProtocolRequired) {
        this.tls = tls;
        this.check = check;
        this.applicationProtocolRequired = applicationProtocolRequired;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        if (!completion.isSuccess()) {
            fail(ctx, completion.cause());
            return;
        }
        Optional<TlsPeer> peer = TlsPeer.of(tls.engine().getSession());
        Optional<Refused> refused = peer.isEmpty()
                ? Optional.of(new Refused(ReasonCode.NO_CLIENT_CERTIFICATE, "the peer showed no certificate"))
                : check.check(peer.get().id());
        if (refused.isEmpty() && applicationProtocolRequired && tls.applicationProtocol() == null) {
            refused = Optional.of(new Refused(ReasonCode.PROTOCOL_ERROR, "the peer agreed to no ALPN protocol"));
        }
        if (refused.isPresent()) {
            fail(ctx, new PeerRefused(refused.get()));
            return;
        }
        ctx.channel().attr(PEER).set(peer.get());
        ctx.fireUserEventTriggered(event);
        ctx.fireUserEventTriggered(peer.get());
        ctx.pipeline().remove(this);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
    private static void fail(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireUserEventTriggered(new Failed(PeerRefused.reasonOf(cause), cause));
        ctx.close();
    }

    /**
     * The handshake brought no wanted peer; the channel is closing.
     *
     * @param reason for log, metric and response
     * @param cause for a debug log
     */
    public record Failed(ReasonCode reason, Throwable cause) {}
}
