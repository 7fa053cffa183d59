/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.capture;

import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.TunnelPool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The explicit listeners of this node's workloads. An address that cannot be bound is reported, kept in {@link #problems}
 * and tried again with the next catalog and by {@link #retry}; the others work.
 *
 * <p>{@link #publish}, {@link #retry} and {@link #close} take turns and block while they bind; connections are handed to
 * the taker on their event loops.
 */
public final class ExplicitListeners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExplicitListeners.class);

    /** Captured connections at once: a few KB each, and one stuck application must not take the node down. */
    static final int MAX_CONNECTIONS = 10_000;

    /** Connections the kernel holds while the event loop is busy. */
    private static final int BACKLOG = 4096;

    private final EventLoops loops;
    private final BiConsumer<Channel, Duty> taker;
    private final int maxConnections;
    private final Map<HostPort, Door> bound = new ConcurrentHashMap<>();
    private final Map<HostPort, String> problems = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private SortedMap<HostPort, Duty> wanted = new TreeMap<>();
    private boolean closed;

    /** A listening channel, and the duty that the newest catalog gives it. */
    private record Door(Channel channel, AtomicReference<Duty> duty) {}

    /**
     * No listener yet.
     *
     * @param taker takes over an accepted connection: on its loop, unread, AUTO_READ off
     */
    public ExplicitListeners(EventLoops loops, BiConsumer<Channel, Duty> taker) {
        this(loops, taker, MAX_CONNECTIONS);
    }

    ExplicitListeners(EventLoops loops, BiConsumer<Channel, Duty> taker, int maxConnections) {
        this.loops = loops;
        this.taker = taker;
        this.maxConnections = maxConnections;
    }

    /** Listens where these workloads ask, and nowhere else. */
    public synchronized void publish(Collection<Workload> workloads) {
        if (closed) {
            return;
        }
        wanted = Duty.of(workloads);
        bound.forEach((address, door) -> {
            if (!wanted.containsKey(address)) {
                door.channel().close().syncUninterruptibly();
                bound.remove(address);
            }
        });
        problems.keySet().retainAll(wanted.keySet());
        retry();
    }

    /** Binds what is wanted and not bound. */
    public synchronized void retry() {
        wanted.forEach((address, duty) -> {
            Door door = bound.get(address);
            if (door == null) {
                bind(address, duty);
            } else {
                door.duty().set(duty);
            }
        });
    }

    /** The addresses that listen. */
    public Map<HostPort, Duty> listening() {
        Map<HostPort, Duty> now = new TreeMap<>();
        bound.forEach((address, door) -> now.put(address, door.duty().get()));
        return now;
    }

    /** The addresses that could not be bound, and why. */
    public Map<HostPort, String> problems() {
        return new TreeMap<>(problems);
    }

    /** Stops listening; connections already taken stay. */
    @Override
    public synchronized void close() {
        closed = true;
        wanted = new TreeMap<>();
        bound.values().forEach(door -> door.channel().close().syncUninterruptibly());
        bound.clear();
    }

    private void bind(HostPort address, Duty duty) {
        Optional<InetSocketAddress> socket = literal(address);
        if (socket.isEmpty()) {
            report(address, duty, "not an IP address");
            return;
        }
        // Known to the accepting loop before the first connection comes.
        AtomicReference<Duty> current = new AtomicReference<>(duty);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        // What comes before the taker is ready must not be lost.
                        TunnelPool.hold(accepted);
                        accepted(accepted, current);
                    }
                });
        var binding = bootstrap.bind(socket.get()).awaitUninterruptibly();
        if (binding.isSuccess()) {
            bound.put(address, new Door(binding.channel(), current));
            problems.remove(address);
        } else {
            report(address, duty, InWords.of(binding.cause()));
        }
    }

    private void accepted(Channel channel, AtomicReference<Duty> duty) {
        channel.closeFuture().addListener(gone -> {
            connections.decrementAndGet();
            full.set(false);
        });
        if (connections.incrementAndGet() > maxConnections) {
            if (full.compareAndSet(false, true)) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON_CODE, ReasonCode.LIMIT_EXCEEDED)
                        .addKeyValue("limit", maxConnections)
                        .log("captured connections are reset, there are too many at once");
            }
            Captured.reset(channel);
            return;
        }
        // After registration: the taker may act on the channel at once.
        channel.eventLoop().execute(() -> take(channel, duty.get()));
    }

    private void take(Channel channel, Duty duty) {
        if (channel.remoteAddress() == null) {
            // It has left already.
            Captured.reset(channel);
            return;
        }
        try {
            taker.accept(channel, duty);
        } catch (RuntimeException e) {
            // The top of this thread's work for a connection: a bug must cost one call, and must not leave it hanging.
            LOG.atError()
                    .addKeyValue(LogKeys.WORKLOAD, duty.workload().uid())
                    .setCause(e)
                    .log("a captured connection was dropped, this is a bug");
            Captured.reset(channel);
        }
    }

    private void report(HostPort address, Duty duty, String why) {
        if (!why.equals(problems.put(address, why))) {
            LOG.atError()
                    .addKeyValue(LogKeys.ADDRESS, address)
                    .addKeyValue(LogKeys.WORKLOAD, duty.workload().uid())
                    .addKeyValue(LogKeys.REASON, why)
                    .addKeyValue(LogKeys.NEXT, "free the address, or change 'listen' in the workload's manifest")
                    .log("a listener of a workload cannot be bound");
        }
    }

    private static Optional<InetSocketAddress> literal(HostPort address) {
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(address.host()), address.port()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
