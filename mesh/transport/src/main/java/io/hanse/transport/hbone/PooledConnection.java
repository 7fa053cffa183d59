/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.ConnectionListener;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Connection;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.Remote;
import io.hanse.transport.tls.TlsPeer;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client connection of a {@link KeyedPool}, outer or inner. It is retired by GOAWAY, by a renewed SVID, or when idle;
 * a retired outer connection retires the inner ones that ride on it.
 */
final class PooledConnection implements ConnectionListener, LiveConnection {

    private final KeyedPool pool;
    private final Channel channel;
    private final Peer peer;
    private final List<SpiffeId> peers;
    private final H2Metrics metrics;
    private final H2Connection h2;
    private final List<PooledConnection> riders = new ArrayList<>();
    private final @Nullable PooledConnection carrier;
    private @Nullable ScheduledFuture<?> idle;
    private boolean ready;
    private boolean retired;

    PooledConnection(
            KeyedPool pool,
            Channel channel,
            TlsPeer peer,
            @Nullable PooledConnection carrier,
            HboneLimits limits,
            H2Metrics metrics) {
        this.pool = pool;
        this.channel = channel;
        this.peer = new Peer(peer.id(), peer.chain());
        this.carrier = carrier;
        this.peers = carrier == null ? List.of(peer.id()) : List.of(carrier.peer.id(), peer.id());
        this.metrics = metrics;
        this.h2 = new H2Connection(H2Role.CLIENT, limits.h2(), this, metrics);
    }

    H2Connection h2() {
        return h2;
    }

    Channel channel() {
        return channel;
    }

    /** Verified IDs on the way, this connection's peer last. */
    List<SpiffeId> peers() {
        return peers;
    }

    /** How many tunnels more it takes. */
    int room(int most) {
        return retired || !ready ? 0 : Math.min(h2.availableStreams(), most - h2.activeStreams());
    }

    /** No new tunnels; closes when the last one ends. */
    void retire() {
        if (!retired) {
            retired = true;
            pool.retired(this);
            h2.drain();
            List.copyOf(riders).forEach(PooledConnection::retire);
        }
    }

    @Override
    public void ready() {
        ready = true;
        if (carrier != null) {
            carrier.riders.add(this);
            retiredCarrier();
        }
        pool.opened(this);
        watchIdle();
    }

    private void retiredCarrier() {
        if (carrier != null && carrier.retired) {
            channel.eventLoop().execute(this::retire);
        }
    }

    @Override
    public void goingAway() {
        retire();
    }

    @Override
    public void streamClosed() {
        if (!retired) {
            watchIdle();
            pool.roomFreed();
        }
    }

    @Override
    public void roomGrown() {
        if (!retired) {
            pool.roomFreed();
        }
    }

    private void watchIdle() {
        if (h2.activeStreams() == 0 && idle == null) {
            idle = channel.eventLoop().schedule(this::idleEnded, pool.idleNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void idleEnded() {
        idle = null;
        if (h2.activeStreams() == 0) {
            retire();
        }
    }

    /** Lets {@code waiter} open a tunnel. It may not want to any more, or hear that there is no room: still idle then. */
    void use(Waiter waiter) {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
        waiter.ready(this);
        if (!retired) {
            watchIdle();
        }
    }

    @Override
    public void violated(H2Code code, String detail) {
        metrics.violation(H2Role.CLIENT, with(), code, detail);
    }

    @Override
    public void limited(Limit limit, String detail) {
        metrics.limited(H2Role.CLIENT, with(), limit, detail);
    }

    private Remote with() {
        return new Remote(remoteAddress(), Optional.of(peer.id()));
    }

    @Override
    public void closed(ReasonCode reason, String detail) {
        if (idle != null) {
            idle.cancel(false);
        }
        if (carrier != null) {
            carrier.riders.remove(this);
        }
        retired = true;
        pool.closed(this, ready, reason, detail);
    }

    // ---- LiveConnection, any thread

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    @Override
    public List<LiveTunnel> tunnels() {
        return List.of();
    }

    @Override
    public void drain() {
        channel.eventLoop().execute(this::retire);
    }

    @Override
    public void close(ReasonCode reason) {
        channel.eventLoop().execute(() -> h2.close(reason, reason.meaning()));
    }
}
