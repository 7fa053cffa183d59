/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/** Opens TCP connections on a given event loop, not read until the caller says so. Any thread. */
final class TcpDialler {

    private final Map<EventLoop, Bootstrap> prepared = new HashMap<>();

    /** One for these loops, which gives up after {@code patience}. Bootstraps are made once, not for each dial. */
    TcpDialler(EventLoops loops, Duration patience) {
        for (EventLoop loop : loops.each()) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(loops.channelType())
                    .option(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                    .handler(new Nothing());
            prepared.put(loop, bootstrap);
        }
    }

    /** The connected channel: AUTO_READ off, half closure on, a pipeline that does nothing yet. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener hears it
    Future<Channel> dial(EventLoop loop, InetSocketAddress to) {
        Bootstrap bootstrap = prepared.get(loop);
        if (bootstrap == null) {
            throw new NoSuchElementException("loop: of another group");
        }
        Promise<Channel> result = loop.newPromise();
        bootstrap.connect(to).addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                result.setSuccess(connected.channel());
            } else {
                result.setFailure(connected.cause());
            }
        });
        return result;
    }

    /** A bootstrap wants a handler. */
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
