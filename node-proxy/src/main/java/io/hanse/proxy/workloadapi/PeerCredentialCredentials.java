/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Attributes;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * Plain text over a Unix socket, with the kernel's word on the caller in the call's attributes. Uses gRPC's
 * {@code Internal*} types: its version is pinned, and the tests of this package fail if they move.
 */
final class PeerCredentialCredentials {

    private PeerCredentialCredentials() {}

    /**
     * Credentials that let in whom {@code admission} does.
     *
     * @param executor where the caller's process is looked at, since that reads files
     */
    static ServerCredentials create(CallAdmission admission, Executor executor) {
        return InternalNettyServerCredentials.create(new Negotiator(admission, executor));
    }

    private record Negotiator(CallAdmission admission, Executor executor)
            implements InternalProtocolNegotiator.ProtocolNegotiator {
        @Override
        public AsciiString scheme() {
            return AsciiString.of("http");
        }

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
            return new Reader(this, InternalProtocolNegotiators.grpcNegotiationHandler(handler));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Puts the credentials beside what was negotiated, and hands over. */
    private static final class Reader extends ChannelInboundHandlerAdapter {
        private final Negotiator negotiator;
        private final ChannelHandler next;

        Reader(Negotiator negotiator, ChannelHandler next) {
            this.negotiator = negotiator;
            this.next = next;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws IOException {
            if (!(event instanceof ProtocolNegotiationEvent negotiated)) {
                ctx.fireUserEventTriggered(event);
                return;
            }
            PeerCredentials peer = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials();
            if (!negotiator.admission().connected(peer.uid())) {
                ctx.close(); // a gRPC client sees UNAVAILABLE
                return;
            }
            ctx.channel()
                    .closeFuture()
                    .addListener(closed -> negotiator.admission().disconnected(peer.uid()));
            ctx.channel().config().setAutoRead(false); // nothing is heard before it is known who speaks
            negotiator.executor().execute(() -> {
                CallerFacts caller = facts(peer);
                ctx.executor().execute(() -> handOver(ctx, negotiated, caller));
            });
        }

        private static CallerFacts facts(PeerCredentials peer) {
            int gid = peer.gids().length > 0 ? peer.gids()[0] : -1;
            return new CallerFacts(peer.pid(), peer.uid(), gid, Attestor.startTime(peer.pid()));
        }

        private void handOver(ChannelHandlerContext ctx, ProtocolNegotiationEvent negotiated, CallerFacts caller) {
            if (ctx.isRemoved()) {
                return; // it hung up meanwhile
            }
            Attributes attributes = InternalProtocolNegotiationEvent.getAttributes(negotiated).toBuilder()
                    .set(CallerFacts.ATTRIBUTE, caller)
                    .build();
            ctx.pipeline().replace(this, "grpc", next);
            ctx.fireUserEventTriggered(InternalProtocolNegotiationEvent.withAttributes(negotiated, attributes));
            ctx.channel().config().setAutoRead(true);
        }
    }
}
