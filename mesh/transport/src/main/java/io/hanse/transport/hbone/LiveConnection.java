/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;
import java.util.List;

/** A verified HTTP/2 connection that is still up. Any thread. */
public interface LiveConnection {

    /** Who is at the other end, with the chain to verify again when bundles change. */
    Peer peer();

    /** This end; for an inner tunnel that of the outer one. */
    InetSocketAddress localAddress();

    /** The other TCP end; for an inner tunnel that of the outer one, so the gateway. */
    InetSocketAddress remoteAddress();

    /** Tunnels accepted over it, in no particular order; empty for a connection that this process dialled. */
    List<LiveTunnel> tunnels();

    /** Takes no further tunnel; closes when the last one has ended (GOAWAY both ways). */
    void drain();

    /** Ends it and every tunnel on it at once; {@code reason} goes into their stats. */
    void close(ReasonCode reason);
}
