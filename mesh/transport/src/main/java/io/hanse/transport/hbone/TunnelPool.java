/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Stream;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens tunnels over pooled connections: one set per (client, expected IDs, address) and event loop, one dial at a time
 * per set and loop. Any thread.
 */
public final class TunnelPool implements AutoCloseable {

    private final EventLoops loops;
    private final HboneLimits limits;
    private final Map<EventLoop, LoopPool> pools = new HashMap<>();
    private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean draining;
    private volatile boolean forced;

    /** A pool without connections. */
    public TunnelPool(EventLoops loops, HboneLimits limits, HboneTls tls, ClientSvids svids, H2Metrics metrics) {
        this.loops = loops;
        this.limits = limits;
        TcpDialler dialler = new TcpDialler(loops, limits.connect());
        for (EventLoop each : loops.each()) {
            pools.put(each, new LoopPool(each, limits, tls, svids, metrics, dialler, watching()));
        }
    }

    /**
     * Keeps whatever {@code app} says until its tunnel is open. To be called in the channel's initializer: a client that
     * sends and half closes at once is read by epoll although AUTO_READ is off.
     */
    public static void hold(Channel app) {
        HeldBytes.of(app);
    }

    /**
     * Opens a tunnel for {@code app} and, on success, copies bytes until both directions have ended.
     *
     * <p>{@code app} runs on one of the pool's loops with AUTO_READ off and ALLOW_HALF_CLOSURE on, and nothing reads it
     * meanwhile. Unless the outcome is {@link OpenOutcome.Opened} no byte of it was taken and it may be used for another try;
     * see {@link #hold}.
     *
     * @return the outcome, completed on {@code app}'s loop
     */
    public CompletableFuture<OpenOutcome> open(Channel app, Route route, TunnelListener listener) {
        LoopPool pool = pools.get(app.eventLoop());
        if (pool == null) {
            throw new IllegalArgumentException("app: runs on a loop of another group");
        }
        HeldBytes.of(app);
        CompletableFuture<OpenOutcome> result = new CompletableFuture<>();
        long started = Ticker.systemTicker().nanoTime();
        Call.Listener answer = new Call.Listener() {
            @Override
            public boolean wanted() {
                if (!app.isActive()) {
                    result.complete(gone());
                }
                return app.isActive();
            }

            @Override
            public void accepted(PooledConnection connection, H2Stream stream, boolean ended, Duration roundTrip) {
                if (ended) {
                    String detail = "endpoint answered without a tunnel";
                    result.complete(new OpenOutcome.Failed(Hop.ENDPOINT, ReasonCode.PROTOCOL_ERROR, detail));
                    return;
                }
                if (!app.isActive()) {
                    stream.reset(H2Code.CANCEL);
                    result.complete(gone());
                    return;
                }
                List<SpiffeId> peers = connection.peers();
                Splice splice = new Splice(app, stream, listener, peers, started, loops.backlogs(app.eventLoop()));
                result.complete(new OpenOutcome.Opened(peers));
                splice.start(false);
            }

            @Override
            public void refused(OpenOutcome outcome) {
                result.complete(outcome);
            }
        };
        Call call = new Call(pool, limits, route, route.authority(), route.headers(), false, answer);
        start(pool, call, result, OpenOutcome.class::cast);
        return result;
    }

    private static OpenOutcome gone() {
        return new OpenOutcome.Failed(Hop.ENDPOINT, ReasonCode.RESET_BY_CLIENT, "the application has left");
    }

    /** Asks the last proxy of {@code route} for a sign of life, over the path a call would take. */
    public CompletableFuture<ProbeOutcome> probe(Route route) {
        return ask(route, HboneHeaders.PROBE_AUTHORITY, RequestHeaders.NONE);
    }

    /** Sends the CONNECT of {@code route} with {@code hanse-dry-run: 1}: the far proxy's verdict, and no tunnel. */
    public CompletableFuture<ProbeOutcome> dryRun(Route route) {
        return ask(route, route.authority(), route.headers().with(HboneHeaders.DRY_RUN, "1"));
    }

    private CompletableFuture<ProbeOutcome> ask(Route route, String authority, RequestHeaders headers) {
        CompletableFuture<ProbeOutcome> result = new CompletableFuture<>();
        // Always the same loop for a route: a second probe finds the first one's connection.
        EventLoop loop = loops.each()
                .get(Math.floorMod(route.authority().hashCode(), loops.each().size()));
        LoopPool pool = poolOf(loop);
        Call.Listener answer = new Call.Listener() {
            @Override
            public void accepted(PooledConnection connection, H2Stream stream, boolean ended, Duration roundTrip) {
                if (!ended) {
                    stream.reset(H2Code.CANCEL);
                }
                result.complete(new ProbeOutcome.Answered(roundTrip, connection.peers()));
            }

            @Override
            public void refused(OpenOutcome outcome) {
                result.complete(new ProbeOutcome.NotAnswered(outcome));
            }
        };
        Call call = new Call(pool, limits, route, authority, headers, true, answer);
        start(pool, call, result, ProbeOutcome.NotAnswered::new);
        return result;
    }

    private <T> void start(LoopPool pool, Call call, CompletableFuture<T> result, Function<OpenOutcome, T> failure) {
        if (draining) {
            result.complete(failure.apply(
                    new OpenOutcome.Failed(Hop.ENDPOINT, ReasonCode.DRAINING, "this process is shutting down")));
        } else if (pool.loop().inEventLoop()) {
            call.start();
        } else {
            pool.loop().execute(call::start);
        }
    }

    private LoopPool poolOf(EventLoop loop) {
        @Nullable LoopPool found = pools.get(loop);
        if (found == null) {
            throw new IllegalStateException("no pool for a loop of the group");
        }
        return found;
    }

    /**
     * The SVID of {@code client} was replaced: connections made with the old one take no new tunnels and close when their
     * last one has ended.
     */
    public void renewed(SpiffeId client) {
        pools.forEach((loop, pool) -> loop.execute(() -> pool.renewed(client)));
    }

    /** Connections that are up now, inner and outer, to verify their peers again. */
    public List<LiveConnection> connections() {
        return List.copyOf(live);
    }

    /** Opens nothing new, lets running tunnels end, and after {@code deadline} ends what is left. */
    public CompletableFuture<Void> drain(Duration deadline) {
        draining = true;
        live.forEach(LiveConnection::drain);
        ScheduledFuture<?> force =
                loops.each().getFirst().schedule(this::force, deadline.toNanos(), TimeUnit.NANOSECONDS);
        closeIfEmpty();
        return empty.whenComplete((done, failure) -> force.cancel(false));
    }

    private void closeIfEmpty() {
        if (draining && live.isEmpty()) {
            force();
            empty.complete(null);
        }
    }

    /** Also ends what a dial that is under way may still bring. */
    private void force() {
        forced = true;
        live.forEach(each -> each.close(ReasonCode.DRAINING));
    }

    private LoopPool.Watching watching() {
        return new LoopPool.Watching() {
            @Override
            public void up(LiveConnection connection) {
                live.add(connection);
                if (forced) {
                    connection.close(ReasonCode.DRAINING);
                }
            }

            @Override
            public void gone(LiveConnection connection) {
                live.remove(connection);
                closeIfEmpty();
            }
        };
    }

    /** Drains without patience. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits
    public void close() {
        drain(Duration.ZERO);
    }
}
