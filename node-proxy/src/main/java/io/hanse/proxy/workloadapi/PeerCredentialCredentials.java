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

/**
 * Plain text over a Unix socket, with the kernel's word on the caller in the call's attributes. Uses gRPC's
 * {@code Internal*} types: its version is pinned, and the tests of this package fail if they move.
 */
final class PeerCredentialCredentials {

    private PeerCredentialCredentials() {}

    static ServerCredentials create() {
        return InternalNettyServerCredentials.create(new Negotiator());
    }

    private static final class Negotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
        @Override
        public AsciiString scheme() {
            return AsciiString.of("http");
        }

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
            return new Reader(InternalProtocolNegotiators.grpcNegotiationHandler(handler));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Puts the credentials beside what was negotiated, and hands over. */
    private static final class Reader extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        Reader(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws IOException {
            if (!(event instanceof ProtocolNegotiationEvent negotiated)) {
                ctx.fireUserEventTriggered(event);
                return;
            }
            PeerCredentials peer = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials();
            int gid = peer.gids().length > 0 ? peer.gids()[0] : -1;
            Attributes attributes = InternalProtocolNegotiationEvent.getAttributes(negotiated).toBuilder()
                    .set(
                            CallerFacts.ATTRIBUTE,
                            new CallerFacts(peer.pid(), peer.uid(), gid, Attestor.startTime(peer.pid())))
                    .build();
            ctx.pipeline().replace(this, "grpc", next);
            ctx.fireUserEventTriggered(InternalProtocolNegotiationEvent.withAttributes(negotiated, attributes));
        }
    }
}
