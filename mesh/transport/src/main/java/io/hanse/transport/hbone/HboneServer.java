/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.h2.H2Metrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes HBONE connections at any number of addresses and asks a {@link TunnelAcceptor} about each CONNECT. Any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class HboneServer implements AutoCloseable {

    /** A server without an address yet. */
    public HboneServer(
            EventLoops loops,
            HboneLimits limits,
            HboneTls tls,
            ServerSvids svids,
            ConnectionGate gate,
            TunnelAcceptor acceptor,
            H2Metrics metrics) {
        throw new UnsupportedOperationException("comes with the next commit");
    }

    /**
     * Listens at {@code address}; port 0 takes a free one.
     *
     * @return the address bound; fails with {@link java.net.BindException} if the port is taken
     */
    public CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        throw new UnsupportedOperationException();
    }

    /** Stops listening at a bound address; its connections stay. */
    public CompletableFuture<Void> unbind(InetSocketAddress bound) {
        throw new UnsupportedOperationException();
    }

    /** Verified connections that are up now. */
    public List<LiveConnection> connections() {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops listening, lets running tunnels end, and after {@code deadline} ends what is left.
     *
     * @return completes when no connection is left
     */
    public CompletableFuture<Void> drain(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** Drains without patience. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
