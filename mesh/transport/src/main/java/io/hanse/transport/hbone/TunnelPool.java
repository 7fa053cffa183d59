/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.h2.H2Metrics;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Opens tunnels over pooled connections: one set per (client, expected IDs, address) and event loop, one dial at a time
 * per set and loop. Any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class TunnelPool implements AutoCloseable {

    /** A pool without connections. */
    public TunnelPool(EventLoops loops, HboneLimits limits, HboneTls tls, ClientSvids svids, H2Metrics metrics) {
        throw new UnsupportedOperationException("comes with the next commit");
    }

    /**
     * Opens a tunnel for {@code app} and, on success, copies bytes until both directions have ended.
     *
     * <p>{@code app} runs on one of the pool's loops with AUTO_READ off and ALLOW_HALF_CLOSURE on, and nothing reads it
     * meanwhile. Unless the outcome is {@link OpenOutcome.Opened} the channel is as it was: untouched, unread, open.
     *
     * @return the outcome, completed on {@code app}'s loop
     */
    public CompletableFuture<OpenOutcome> open(Channel app, Route route, TunnelListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Asks the last proxy of {@code route} for a sign of life, over the path a call would take. */
    public CompletableFuture<ProbeOutcome> probe(Route route) {
        throw new UnsupportedOperationException();
    }

    /** Sends the CONNECT of {@code route} with {@code hanse-dry-run: 1}: the far proxy's verdict, and no tunnel. */
    public CompletableFuture<ProbeOutcome> dryRun(Route route) {
        throw new UnsupportedOperationException();
    }

    /**
     * The SVID of {@code client} was replaced: connections made with the old one take no new tunnels and close when their
     * last one has ended.
     */
    public void renewed(SpiffeId client) {
        throw new UnsupportedOperationException();
    }

    /** Connections that are up now, inner and outer, to verify their peers again. */
    public List<LiveConnection> connections() {
        throw new UnsupportedOperationException();
    }

    /** Opens nothing new, lets running tunnels end, and after {@code deadline} ends what is left. */
    public CompletableFuture<Void> drain(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** Drains without patience. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
