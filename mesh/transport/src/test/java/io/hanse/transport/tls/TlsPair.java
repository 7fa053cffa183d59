/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Real handshakes over loopback sockets; what each end made of the other comes out. */
final class TlsPair implements AutoCloseable {

    /** Makes a handler for each connection. */
    interface Handlers {
        SslHandler make(Channel channel) throws SSLException;
    }

    /** A {@link TlsPeer} or a {@link PeerGate.Failed}, from each end. */
    record Outcome(Object server, Object client, Channel clientChannel, SslHandler clientTls) {
        TlsPeer clientSaw() {
            return (TlsPeer) client;
        }

        TlsPeer serverSaw() {
            return (TlsPeer) server;
        }

        PeerGate.Failed serverRefusal() {
            return (PeerGate.Failed) server;
        }

        PeerGate.Failed clientRefusal() {
            return (PeerGate.Failed) client;
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    Outcome handshake(Handlers server, PeerCheck serverCheck, Handlers client, PeerCheck clientCheck) throws Exception {
        CompletableFuture<Object> atServer = new CompletableFuture<>();
        CompletableFuture<Object> atClient = new CompletableFuture<>();
        CompletableFuture<SslHandler> clientTls = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(server, serverCheck, atServer, new CompletableFuture<>()))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(initializer(client, clientCheck, atClient, clientTls))
                    .connect(listener.localAddress())
                    .sync()
                    .channel();
            return new Outcome(
                    atServer.get(20, TimeUnit.SECONDS), atClient.get(20, TimeUnit.SECONDS), channel, clientTls.join());
        } finally {
            listener.close().sync();
        }
    }

    private static ChannelInitializer<Channel> initializer(
            Handlers handlers, PeerCheck check, CompletableFuture<Object> seen, CompletableFuture<SslHandler> made) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) throws SSLException {
                SslHandler tls = handlers.make(channel);
                made.complete(tls);
                channel.pipeline().addLast(tls, new PeerGate(tls, check), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event instanceof TlsPeer || event instanceof PeerGate.Failed) {
                            seen.complete(event);
                        }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        // The same failure arrives as an event.
                    }
                });
            }
        };
    }
}
