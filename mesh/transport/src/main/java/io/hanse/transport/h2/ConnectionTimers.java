/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a connection does because time passed: SETTINGS that do not come, keepalive PING and its answer (RFC 9113 6.7), an
 * idle server connection. On the connection's event loop; one repeated task, not a timer per read.
 */
final class ConnectionTimers {

    /** Checks per shortest time-out: none is late by more than a quarter. */
    private static final int TICKS = 4;

    private final H2Connection connection;
    private final H2Limits limits;
    private final FloodGuard floods;
    private final long started = now();

    private @Nullable Future<?> ticking;
    private long lastHeard = started;
    private long lastStream = started;
    private long pingSent;
    private boolean heard;
    private boolean pingOut;
    private boolean settingsAcknowledged;
    private int unfinished = -1;
    private long unfinishedSince = started;

    ConnectionTimers(H2Connection connection, H2Limits limits, FloodGuard floods) {
        this.connection = connection;
        this.limits = limits;
        this.floods = floods;
    }

    boolean isStarted() {
        return ticking != null;
    }

    void start(EventExecutor loop) {
        long shortest = Math.min(
                Math.min(limits.keepalive().toNanos(), limits.keepaliveAnswer().toNanos()),
                Math.min(
                        Math.min(
                                limits.settingsAnswer().toNanos(),
                                limits.frameTime().toNanos()),
                        limits.idle().toNanos()));
        long every = Math.max(1, shortest / TICKS);
        ticking = loop.scheduleWithFixedDelay(this::tick, every, every, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    /** Bytes came from the peer. */
    void heard() {
        heard = true;
    }

    /** A stream began or ended. */
    void streamChanged() {
        lastStream = now();
    }

    void settingsAcknowledged() {
        settingsAcknowledged = true;
    }

    private void tick() {
        long now = now();
        floods.tick(now);
        if (heard) {
            heard = false;
            pingOut = false;
            lastHeard = now;
        }
        boolean unsettled = connection.isStarting() || !settingsAcknowledged;
        if (unsettled && now - started > limits.settingsAnswer().toNanos()) {
            connection.settingsLate();
        } else if (frameLate(now)) {
            connection.frameLate();
        } else if (pingOut && now - pingSent > limits.keepaliveAnswer().toNanos()) {
            connection.silent();
        } else if (!pingOut && now - lastHeard >= limits.keepalive().toNanos()) {
            pingOut = true;
            pingSent = now;
            connection.outbound().ping(0, false);
        }
        if (connection.role() == H2Role.SERVER
                && connection.activeStreams() == 0
                && now - lastStream > limits.idle().toNanos()) {
            connection.idle();
        }
    }

    /** Whether the same frame or header block has been coming for too long; sampled, so late by a tick at most. */
    private boolean frameLate(long now) {
        int state = connection.inbound().unfinished();
        if (state < 0 || state != unfinished) {
            unfinished = state;
            unfinishedSince = now;
        }
        return now - unfinishedSince > limits.frameTime().toNanos();
    }

    private static long now() {
        return Ticker.systemTicker().nanoTime();
    }
}
