/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

/**
 * Hears about one tunnel: for the access log and the metrics. On the tunnel's event loop; must neither block nor throw.
 * {@link #closed} is told exactly once at a server (also without {@link #opened}, if the dial failed), and at a client
 * exactly once after {@link #opened} and never without it.
 */
public interface TunnelListener {

    /** Hears nothing. */
    TunnelListener NONE = stats -> {};

    /** Bytes may flow from now on. */
    default void opened() {}

    /** The tunnel is over. */
    void closed(TunnelStats stats);
}
