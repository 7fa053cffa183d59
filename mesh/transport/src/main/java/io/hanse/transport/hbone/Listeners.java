/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Listening sockets: one per event loop at each address (SO_REUSEPORT), so that a connection stays on the loop that
 * accepted it; a single one where that option is not to be had.
 */
@SuppressWarnings("FutureReturnValueIgnored") // listeners hear it
final class Listeners {

    /** Connections the kernel keeps before accept; a burst of clients must not see refusals. */
    private static final int BACKLOG = 4_096;

    /** Any delay puts a task behind the loop's next poll. */
    private static final long POLL_MILLIS = 1;

    private final EventLoops loops;
    private final Consumer<Channel> accepted;
    private final Map<InetSocketAddress, List<Channel>> bound = new ConcurrentHashMap<>();

    Listeners(EventLoops loops, Consumer<Channel> accepted) {
        this.loops = loops;
        this.accepted = accepted;
    }

    CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        if (!loops.isEpoll() || loops.each().size() == 1) {
            return listen(loops.group(), address, false).thenApply(only -> keep(List.of(only)));
        }
        // A socket without SO_REUSEPORT first: with the option alone, two processes of one user would share a port
        // without noticing.
        return listen(loops.group(), address, false)
                .thenCompose(probe -> closed(probe).thenApply(done -> (InetSocketAddress) probe.localAddress()))
                .thenCompose(free -> listenOnEach(free));
    }

    private CompletableFuture<InetSocketAddress> listenOnEach(InetSocketAddress address) {
        List<CompletableFuture<Channel>> each = new ArrayList<>();
        for (EventLoop loop : loops.each()) {
            each.add(listen(loop, address, true));
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).handle((done, failure) -> {
            List<Channel> up = each.stream()
                    .filter(one -> !one.isCompletedExceptionally())
                    .map(CompletableFuture::join)
                    .toList();
            if (failure != null) {
                up.forEach(Channel::close);
                throw new java.util.concurrent.CompletionException(failure.getCause());
            }
            return keep(up);
        });
    }

    private InetSocketAddress keep(List<Channel> up) {
        InetSocketAddress at = (InetSocketAddress) up.getFirst().localAddress();
        bound.put(at, up);
        return at;
    }

    CompletableFuture<Void> unbind(InetSocketAddress at) {
        List<Channel> listening = bound.remove(at);
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (Channel each : listening == null ? List.<Channel>of() : listening) {
            closing.add(closed(each));
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }

    CompletableFuture<Void> unbindAll() {
        return CompletableFuture.allOf(
                List.copyOf(bound.keySet()).stream().map(this::unbind).toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Channel> listen(EventLoopGroup group, InetSocketAddress address, boolean reusePort) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(loops.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        TlsHandshake.prepare(channel);
                        accepted.accept(channel);
                    }
                });
        if (reusePort) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        bootstrap.bind(address).addListener((ChannelFutureListener) done -> {
            if (done.isSuccess()) {
                result.complete(done.channel());
            } else {
                result.completeExceptionally(done.cause());
            }
        });
        return result;
    }

    private static CompletableFuture<Void> closed(Channel channel) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        channel.close().addListener(done -> afterNextPoll(channel.eventLoop(), () -> result.complete(null)));
        return result;
    }

    /** The JDK frees a registered socket's port only when its selector is polled next, after the channel says closed. */
    private static void afterNextPoll(EventLoop loop, Runnable step) {
        if (loop.isShuttingDown()) {
            step.run();
        } else {
            loop.schedule(step, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
