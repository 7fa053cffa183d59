/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the byte path and the kind of socket they poll.
 *
 * <p>One per process. Every thread is started on construction, so that no later start inherits another network
 * namespace (java-stack.md section 6). Any thread may call.
 */
public final class EventLoops implements AutoCloseable {

    /**
     * Where every buffer of the byte path comes from. Netty's adaptive allocator, its default, cleared each large buffer before
     * use: 9 % of the CPU of bulk (ADR 0004).
     */
    public static final PooledByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;

    /** How long {@link #close} lets running tasks end, in milliseconds; connections are drained before that. */
    private static final long QUIET_MILLIS = 0;

    /** After this many milliseconds {@link #close} stops waiting for tasks. */
    private static final long CLOSE_DEADLINE_MILLIS = 2_000;

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> loops;
    private final DirectMemory memory;
    private final Map<EventLoop, Backlogs> backlogs = new HashMap<>();

    /**
     * Starts {@code threads} event loops named {@code name-n-m}, polling with epoll where that is to be had (ADR 0004).
     *
     * @param threads 1 or more; the number of cores is a good choice, fewer leaves more to the applications
     */
    public EventLoops(String name, int threads) {
        this(name, threads, Epoll.isAvailable(), DirectMemory.ofProcess());
    }

    /** NIO on purpose: what runs where there is no epoll. */
    static EventLoops withNio(String name, int threads) {
        return new EventLoops(name, threads, false, DirectMemory.ofProcess());
    }

    EventLoops(String name, int threads, boolean epoll, DirectMemory memory) {
        this.epoll = epoll;
        IoHandlerFactory polling = epoll ? SteadyEpoll.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), polling);
        List<EventLoop> started = new ArrayList<>();
        for (EventExecutor each : group) {
            started.add((EventLoop) each);
            each.execute(() -> {});
        }
        this.loops = List.copyOf(started);
        this.memory = memory;
        HeldByPeer held = new HeldByPeer();
        loops.forEach(each -> backlogs.put(each, new Backlogs(each, memory, held, Ticker.systemTicker())));
    }

    /** The group, for bootstraps outside this package. */
    public EventLoopGroup group() {
        return group;
    }

    /** Each loop once, in a fixed order. */
    public List<EventLoop> each() {
        return loops;
    }

    /** The listening socket's class. */
    public Class<? extends ServerSocketChannel> serverChannelType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The connected socket's class. */
    public Class<? extends SocketChannel> channelType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Whether sockets are epoll's: IP_TRANSPARENT and marks can be set then. */
    public boolean isEpoll() {
        return epoll;
    }

    /** The memory of all buffers. */
    DirectMemory memory() {
        return memory;
    }

    /** What waits on one of these loops. */
    Backlogs backlogs(EventLoop loop) {
        Backlogs found = backlogs.get(loop);
        if (found == null) {
            throw new IllegalArgumentException("loop: of another group");
        }
        return found;
    }

    /** Stops the threads; what is still open ends abruptly. Returns at once. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, CLOSE_DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
