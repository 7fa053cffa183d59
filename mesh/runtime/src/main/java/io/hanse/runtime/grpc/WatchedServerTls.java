/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.runtime.grpc.Places.Place.None;
import io.hanse.runtime.grpc.Places.Place.Taken;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.tls.LiveTrust;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.transport.tls.TlsPeer;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a listener whose connections end when their peers no longer verify: with a GOAWAY that says TRUST_WITHDRAWN,
 * which every call of theirs ends with. Those that find no place, and those without an SVID after a while, end likewise
 * (LIMIT_EXCEEDED). gRPC's own seams see calls, not connections; hence its negotiator.
 */
final class WatchedServerTls implements InternalProtocolNegotiator.ProtocolNegotiator {

    private static final Logger log = LoggerFactory.getLogger(WatchedServerTls.class);

    private final InternalProtocolNegotiator.ProtocolNegotiator tls;
    private final LiveTrust<LiveTransport> trust;
    private final Places places;
    private final Duration strangerAge;
    private final RefusedHandshakes refused;

    WatchedServerTls(SslContext context, LiveTrust<LiveTransport> trust, GrpcLimits limits, RefusedHandshakes refused) {
        this.places = new Places(limits);
        this.strangerAge = limits.strangerAge();
        this.refused = refused;
        this.tls = InternalProtocolNegotiators.serverTls(context);
        this.trust = trust;
    }

    @Override
    public AsciiString scheme() {
        return tls.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
        return new Entrance(tls.newHandler(http2), http2);
    }

    @Override
    public void close() {
        tls.close();
    }

    /** Waits behind gRPC's TLS handlers until the handshake can be listened to, which is when the channel is active. */
    private final class Entrance extends ChannelInboundHandlerAdapter {
        private final ChannelHandler negotiation;
        private final GrpcHttp2ConnectionHandler http2;

        Entrance(ChannelHandler negotiation, GrpcHttp2ConnectionHandler http2) {
            this.negotiation = negotiation;
            this.http2 = http2;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addBefore(ctx.name(), null, negotiation);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // closing has no answer
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (places.ofSocket() instanceof Taken socket) {
                ctx.channel().closeFuture().addListener(closed -> socket.leave().run());
            } else {
                refused.refused(ctx.channel().remoteAddress(), ReasonCode.LIMIT_EXCEEDED, "too many connections");
                ctx.close();
                return;
            }
            SslHandler ssl = ctx.pipeline().get(SslHandler.class);
            if (ssl == null) {
                throw new IllegalStateException(
                        "gRPC has no TLS handler (expected: it is added before a byte is read)");
            }
            ssl.handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    admit(ctx.channel(), ssl.engine().getSession());
                } else {
                    refuse(ctx.channel(), done.cause());
                }
            });
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }

        private void refuse(Channel channel, Throwable cause) {
            String detail = PeerRefused.in(cause).map(PeerRefused::detail).orElseGet(() -> InWords.of(cause));
            refused.refused(channel.remoteAddress(), PeerRefused.reasonOf(cause), detail);
        }

        private void admit(Channel channel, SSLSession session) {
            Optional<TlsPeer> peer = TlsPeer.of(session);
            switch (places.of(peer.map(TlsPeer::id))) {
                case Taken place -> {
                    channel.closeFuture().addListener(closed -> place.leave().run());
                    peer.ifPresentOrElse(known -> watch(channel, known), () -> endInTime(channel));
                }
                case None none -> {
                    refused.refused(channel.remoteAddress(), ReasonCode.LIMIT_EXCEEDED, none.why());
                    Admission.serveNothing(session);
                    // Not at once: gRPC's handler, which says why, takes its seat after the handshake.
                    channel.eventLoop().execute(() -> sayAndClose(channel, http2, ReasonCode.LIMIT_EXCEEDED));
                }
            }
        }

        private void watch(Channel channel, TlsPeer peer) {
            Connection connection = new Connection(channel, http2, peer);
            channel.closeFuture().addListener(closed -> trust.forget(connection));
            trust.admit(connection, peer);
        }

        private void endInTime(Channel channel) {
            ScheduledFuture<?> end = channel.eventLoop()
                    .schedule(
                            () -> sayAndClose(channel, http2, ReasonCode.LIMIT_EXCEEDED),
                            strangerAge.toMillis(),
                            TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> end.cancel(false));
        }
    }

    private static final class Connection implements LiveTransport {
        private final Channel channel;
        private final GrpcHttp2ConnectionHandler http2;
        private final TlsPeer peer;

        Connection(Channel channel, GrpcHttp2ConnectionHandler http2, TlsPeer peer) {
            this.channel = channel;
            this.http2 = http2;
            this.peer = peer;
        }

        @Override
        public void end(Refused refused) {
            log.atWarn()
                    .addKeyValue(LogKeys.SPIFFE_ID, peer.id())
                    .addKeyValue(LogKeys.ADDRESS, channel.remoteAddress())
                    .addKeyValue(LogKeys.REASON_CODE, ReasonCode.TRUST_WITHDRAWN)
                    .addKeyValue(LogKeys.REASON, "%s: %s".formatted(refused.reason(), refused.detail()))
                    .log("a caller no longer verifies, its connection is ended");
            channel.eventLoop().execute(() -> sayAndClose(channel, http2, ReasonCode.TRUST_WITHDRAWN));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the connection is over whether the words arrive or not
    private static void sayAndClose(Channel channel, GrpcHttp2ConnectionHandler http2, ReasonCode reason) {
        ChannelHandlerContext ctx = channel.pipeline().context(http2);
        if (ctx == null) {
            channel.close();
            return;
        }
        http2.goAway(
                ctx,
                http2.connection().remote().lastStreamCreated(),
                Http2Error.NO_ERROR.code(),
                ByteBufUtil.writeAscii(ctx.alloc(), reason.name()),
                ctx.newPromise());
        ctx.flush();
        // From here outward: the handler's own close would wait for its streams.
        ctx.close();
    }
}
