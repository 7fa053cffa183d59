/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.Route;
import io.hanse.transport.hbone.TunnelPool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls an application through the listener under attack, one call after the other, for as long as it lives: a new
 * connection, a byte there, the byte back.
 */
final class Canary {

    private static final Duration PAUSE = Duration.ofMillis(2);

    private static final int PATIENCE_MILLIS = 60_000;

    private final TunnelPool pool;
    private final Route route;
    private final Channel entry;
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread caller;
    private volatile long callSince;
    private volatile boolean closed;

    Canary(String name, EventLoops loops, TunnelPool pool, Route route) throws InterruptedException {
        this.pool = pool;
        this.route = route;
        this.entry = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannelType())
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        TunnelPool.hold(channel);
                        channel.eventLoop().execute(() -> open(channel));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        this.caller = Thread.ofPlatform().name("canary of " + name).daemon().unstarted(this::callAgainAndAgain);
    }

    /** Waits for a first call that works, then goes on calling. */
    void start(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                call();
                break;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
        caller.start();
    }

    private void callAgainAndAgain() {
        while (!closed) {
            long began = System.nanoTime();
            callSince = began;
            try {
                call();
                calls.incrementAndGet();
            } catch (IOException e) {
                if (!closed) {
                    failures.add(String.valueOf(e.getMessage()));
                }
            }
            slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
            callSince = 0;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void call() throws IOException {
        InetSocketAddress at = (InetSocketAddress) entry.localAddress();
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write('c');
            if (socket.getInputStream().read() != 'c') {
                throw new IOException("no answer");
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
    private void open(Channel channel) {
        pool.open(channel, route, stats -> {}).thenAccept(outcome -> {
            if (!(outcome instanceof OpenOutcome.Opened)) {
                channel.close();
            }
        });
    }

    /** Forgets how slow it was. */
    void mark() {
        slowest.set(0);
    }

    /** The slowest answer since the mark, one that is waited for included. */
    Duration slowest() {
        long since = callSince;
        long waiting = since == 0 ? 0 : System.nanoTime() - since;
        return Duration.ofNanos(Math.max(slowest.get(), waiting));
    }

    /** Calls that were answered. */
    int calls() {
        return calls.get();
    }

    /** What became of calls that were not answered. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    void close() throws Exception {
        closed = true;
        caller.join(PATIENCE_MILLIS);
        entry.close().sync();
    }
}
