/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.TlsPeer;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one key on one event loop. One dial at a time: who comes meanwhile waits for it, and shares its
 * failure. Full connections stay and take tunnels again when some have ended, or when their peer allows more. Who has
 * waited for {@link HboneLimits#answer()} in vain is told so, to try elsewhere.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a timer
final class KeyedPool {

    private record Waiting(Waiter waiter, long sinceNanos) {}

    /** A gateway may drain or lose a connection just as it is asked; three times in a row it is not there. */
    private static final int MAX_REDIALS = 2;

    private final LoopPool loop;
    private final PoolKey key;
    private final HboneLimits limits;
    private final int streamsPerConnection;
    private final List<PooledConnection> connections = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean watchingWaits;
    private boolean dialling;
    private boolean staleDial;
    private int redials;

    KeyedPool(LoopPool loop, PoolKey key, HboneLimits limits) {
        this.loop = loop;
        this.key = key;
        this.limits = limits;
        boolean single = key instanceof PoolKey.Inner inner && !inner.shared();
        this.streamsPerConnection = single ? 1 : limits.streamsPerConnection();
    }

    PoolKey key() {
        return key;
    }

    Hop hop() {
        return key instanceof PoolKey.Tcp tcp ? tcp.hop() : Hop.ENDPOINT;
    }

    boolean isUnused() {
        return connections.isEmpty() && waiting.isEmpty() && !dialling;
    }

    long idleNanos() {
        return limits.poolIdle().toNanos();
    }

    /** Calls {@code waiter} now or later. */
    void acquire(Waiter waiter) {
        PooledConnection free = waiting.isEmpty() ? withRoom() : null;
        if (free != null) {
            use(free, waiter);
        } else if (waiting.size() >= limits.waitingPerKey()) {
            waiter.failed(new OpenOutcome.Failed(hop(), ReasonCode.LIMIT_EXCEEDED, "too many calls wait for a dial"));
        } else {
            waiting.add(new Waiting(waiter, Ticker.systemTicker().nanoTime()));
            dialIfNeeded();
            watchWaits();
        }
    }

    private @Nullable PooledConnection withRoom() {
        for (PooledConnection each : connections) {
            if (each.room(streamsPerConnection) > 0) {
                return each;
            }
        }
        return null;
    }

    private void use(PooledConnection connection, Waiter waiter) {
        connection.use(waiter);
        if (streamsPerConnection == 1) {
            // Istio's form: the gateway picked an endpoint for this one call.
            connection.retire();
        }
    }

    private void dialIfNeeded() {
        if (!waiting.isEmpty() && !dialling && connections.size() < limits.connectionsPerKey()) {
            dialling = true;
            staleDial = false;
            loop.dial(this);
        }
    }

    private void serve() {
        while (!waiting.isEmpty()) {
            PooledConnection free = withRoom();
            if (free == null) {
                break;
            }
            use(free, waiting.remove().waiter());
        }
        giveUpWaiting();
        dialIfNeeded();
        watchWaits();
    }

    /** Not during a dial: it has deadlines of its own, and says better what is wrong. */
    private void watchWaits() {
        if (!watchingWaits && !dialling && !waiting.isEmpty()) {
            watchingWaits = true;
            loop.loop().schedule(this::waitsEnded, patience(waiting.getFirst()), TimeUnit.NANOSECONDS);
        }
    }

    private void waitsEnded() {
        watchingWaits = false;
        giveUpWaiting();
        watchWaits();
    }

    private void giveUpWaiting() {
        while (!dialling && !waiting.isEmpty() && patience(waiting.getFirst()) <= 0) {
            Waiter late = waiting.remove().waiter();
            late.failed(new OpenOutcome.Failed(hop(), ReasonCode.LIMIT_EXCEEDED, "no connection had room in time"));
        }
    }

    private long patience(Waiting eldest) {
        return eldest.sinceNanos()
                + limits.answer().toNanos()
                - Ticker.systemTicker().nanoTime();
    }

    // ---- what the dial and the connections tell

    /** TLS is up; HTTP/2 starts. */
    void verified(Channel channel, TlsPeer peer, @Nullable PooledConnection carrier) {
        if (!channel.isActive()) {
            notUp(
                    channel,
                    new OpenOutcome.Failed(hop(), ReasonCode.TLS_HANDSHAKE_FAILED, "closed after the handshake"));
            return;
        }
        PooledConnection connection = new PooledConnection(this, channel, peer, carrier, limits, loop.metrics());
        loop.admitted(connection, peer);
        channel.pipeline().addLast(connection.h2());
    }

    void opened(PooledConnection connection) {
        dialling = false;
        redials = 0;
        connections.add(connection);
        boolean stale = staleDial;
        serve();
        if (stale) {
            connection.retire();
        }
    }

    /** A channel that was dialled ended before it could be used: by itself, or with the connection that carried it. */
    void notUp(Channel channel, OpenOutcome outcome) {
        if (channel instanceof H2StreamChannel inner && inner.isOuterOver()) {
            carrierLost(new OpenOutcome.Failed(Hop.GATEWAY, inner.lost(), "the gateway's connection ended meanwhile"));
        } else {
            dialFailed(outcome);
        }
    }

    /** The connection that should have carried this one ended, unless by somebody's shutdown another may do. */
    void carrierLost(OpenOutcome.Failed lost) {
        if (lost.reason() == ReasonCode.DRAINING) {
            dialFailed(lost);
        } else {
            redial(lost);
        }
    }

    /** The endpoint has had no say: it is asked again, a few times. */
    void redial(OpenOutcome outcome) {
        if (redials < MAX_REDIALS) {
            redials++;
            loop.loop().execute(() -> loop.dial(this));
        } else {
            dialFailed(outcome);
        }
    }

    void dialFailed(OpenOutcome outcome) {
        dialling = false;
        redials = 0;
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.waiter().failed(outcome));
        loop.unused(this);
    }

    void roomFreed() {
        serve();
    }

    void retired(PooledConnection connection) {
        connections.remove(connection);
        dialIfNeeded();
    }

    void closed(PooledConnection connection, boolean wasReady, ReasonCode reason, String detail) {
        connections.remove(connection);
        loop.gone(connection);
        if (!wasReady) {
            ReasonCode why = reason == ReasonCode.RESET_BY_SERVER ? ReasonCode.TLS_HANDSHAKE_FAILED : reason;
            notUp(
                    connection.channel(),
                    new OpenOutcome.Failed(hop(), why, detail.isEmpty() ? "peer closed before HTTP/2 was up" : detail));
        } else {
            dialIfNeeded();
            loop.unused(this);
        }
    }

    /** Connections made from now on show the new SVID; the others are retired. */
    void renewed() {
        staleDial = dialling;
        List.copyOf(connections).forEach(PooledConnection::retire);
    }
}
