/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;

/** A tunnel that a server has accepted and not yet ended. Any thread. */
public interface LiveTunnel {

    /** Who opened it. */
    Peer peer();

    /** What was asked for. */
    String authority();

    /** The address the request came in at. */
    InetSocketAddress localAddress();

    /** The TCP peer: the client's proxy, or the gateway. */
    InetSocketAddress remoteAddress();

    /** Where its bytes go. */
    InetSocketAddress target();

    /** Ends it now with a reset in both directions; {@code reason} goes into its stats. Later calls do nothing. */
    void close(ReasonCode reason);
}
