/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Opens TCP connections on a given event loop, not read until the caller says so. */
final class TcpDialler {

    private final Class<? extends SocketChannel> type;

    TcpDialler(Class<? extends SocketChannel> type) {
        this.type = type;
    }

    /** The connected channel: AUTO_READ off, half closure on, an empty pipeline. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener hears it
    Future<Channel> dial(EventLoop loop, InetSocketAddress to, Duration patience) {
        Promise<Channel> result = loop.newPromise();
        new Bootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                .handler(new ChannelInboundHandlerAdapter())
                .connect(to)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        result.setSuccess(connected.channel());
                    } else {
                        result.setFailure(connected.cause());
                    }
                });
        return result;
    }
}
