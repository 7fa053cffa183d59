/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.HeaderField;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One attempt to reach the last proxy of a route: takes a connection, asks, and asks again if nobody looked at it. */
final class Call implements Waiter {

    /** A connection may begin to drain just as a stream is opened on it; twice in a row hardly happens. */
    private static final int MAX_ATTEMPTS = 3;

    /** Hears the end, once, on the event loop. */
    interface Listener {
        /** Whether anybody still waits. */
        default boolean wanted() {
            return true;
        }

        /** 200 after {@code roundTrip}. */
        void accepted(PooledConnection connection, H2Stream stream, boolean ended, Duration roundTrip);

        /** Never {@link OpenOutcome.Opened}. */
        void refused(OpenOutcome outcome);
    }

    private final LoopPool pool;
    private final HboneLimits limits;
    private final PoolKey key;
    private final String authority;
    private final List<HeaderField> fields;
    private final boolean end;
    private final Listener listener;
    private int attempts;

    Call(
            LoopPool pool,
            HboneLimits limits,
            Route route,
            String authority,
            RequestHeaders headers,
            boolean end,
            Listener listener) {
        this.pool = pool;
        this.limits = limits;
        this.key = keyOf(route);
        this.authority = authority;
        this.fields = new ArrayList<>(headers.fields());
        this.end = end;
        this.listener = listener;
    }

    static PoolKey keyOf(Route route) {
        return switch (route) {
            case Route.Direct direct ->
                new PoolKey.Tcp(direct.client(), direct.expected(), direct.address(), Hop.ENDPOINT);
            case Route.ViaGateway via ->
                new PoolKey.Inner(
                        via.client(),
                        via.expected(),
                        new PoolKey.Tcp(via.node(), Set.of(via.gatewayId()), via.gateway(), Hop.GATEWAY),
                        via.outerAuthority(),
                        via.shared());
        };
    }

    void start() {
        attempts++;
        pool.acquire(key, this);
    }

    @Override
    public void ready(PooledConnection connection) {
        if (!listener.wanted()) {
            return;
        }
        long asked = Ticker.systemTicker().nanoTime();
        new Asking(pool.loop(), limits, Hop.ENDPOINT, new Asking.Listener() {
                    @Override
                    public void accepted(H2Stream stream, boolean ended) {
                        Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - asked);
                        listener.accepted(connection, stream, ended, took);
                    }

                    @Override
                    public void refused(OpenOutcome outcome, boolean untouched) {
                        if (untouched && attempts < MAX_ATTEMPTS) {
                            start();
                        } else {
                            listener.refused(outcome);
                        }
                    }
                })
                .ask(connection, authority, fields, end);
    }

    @Override
    public void failed(OpenOutcome outcome) {
        listener.refused(outcome);
    }
}
