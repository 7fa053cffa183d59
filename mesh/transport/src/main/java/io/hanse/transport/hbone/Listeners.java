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
import io.netty.channel.unix.Errors;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Listening sockets, one at each address. Accepted connections go round the event loops: tunnels come over few connections,
 * which the kernel's hash of SO_REUSEPORT would often put all on one loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // listeners hear it
final class Listeners {

    /** Connections the kernel keeps before accept; a burst of clients must not see refusals. */
    private static final int BACKLOG = 4_096;

    /** Any delay puts a task behind the loop's next poll. */
    private static final long POLL_MILLIS = 1;

    private final EventLoops loops;
    private final Consumer<Channel> accepted;
    private final Map<InetSocketAddress, Channel> bound = new ConcurrentHashMap<>();

    Listeners(EventLoops loops, Consumer<Channel> accepted) {
        this.loops = loops;
        this.accepted = accepted;
    }

    CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        return listen(address).thenApply(this::keep);
    }

    private InetSocketAddress keep(Channel up) {
        InetSocketAddress at = (InetSocketAddress) up.localAddress();
        bound.put(at, up);
        return at;
    }

    CompletableFuture<Void> unbind(InetSocketAddress at) {
        Channel listening = bound.remove(at);
        return listening == null ? CompletableFuture.completedFuture(null) : closed(listening);
    }

    CompletableFuture<Void> unbindAll() {
        return CompletableFuture.allOf(
                List.copyOf(bound.keySet()).stream().map(this::unbind).toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Channel> listen(InetSocketAddress address) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
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
        bootstrap.bind(address).addListener((ChannelFutureListener) done -> {
            if (done.isSuccess()) {
                result.complete(done.channel());
            } else {
                result.completeExceptionally(asBindException(done.cause()));
            }
        });
        return result;
    }

    /** Epoll tells a failed bind by an exception of its own; callers know Java's. */
    private static Throwable asBindException(Throwable cause) {
        return cause instanceof Errors.NativeIoException ? new BindException(cause.getMessage()) : cause;
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
