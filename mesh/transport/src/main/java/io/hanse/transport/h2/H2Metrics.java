/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;
import java.net.SocketAddress;

/**
 * Counts what happens on connections; the seam to a metrics registry. Called on event loops, often: implementations must
 * be cheap and thread-safe and must not throw.
 */
public interface H2Metrics {

    /** Counts nothing. */
    H2Metrics NONE = new H2Metrics() {};

    /** TLS and HTTP/2 are up. */
    default void connectionOpened(H2Role role) {}

    /** A connection that was opened is gone; OK if it was drained or idle. */
    default void connectionClosed(H2Role role, ReasonCode reason) {}

    /** A connection ended before it was opened: not admitted, handshake failed, peer refused. */
    default void connectionRefused(H2Role role, SocketAddress remote, ReasonCode reason, String detail) {}

    /** A stream began. */
    default void streamOpened(H2Role role) {}

    /** A stream that began is over. */
    default void streamClosed(H2Role role) {}

    /** This side ended a connection because the peer broke the protocol. */
    default void violation(H2Role role, Remote remote, H2Code code, String detail) {}

    /** A peer ran into a limit; with {@link #connectionRefused} or {@link #connectionClosed} if that was the end of it. */
    default void limited(H2Role role, Remote remote, Limit limit, String detail) {}
}
