/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.net.InetSocketAddress;
import java.util.Set;

/** What connections must have in common to be the same to a call. */
sealed interface PoolKey {

    /** As whom it is dialled. */
    SpiffeId client();

    /** Whom it must reach. */
    Set<SpiffeId> expected();

    /** TLS over TCP: to an endpoint's proxy on the same network, or to a gateway. */
    record Tcp(SpiffeId client, Set<SpiffeId> expected, InetSocketAddress address, Hop hop) implements PoolKey {}

    /** TLS over a stream of an outer connection. */
    record Inner(SpiffeId client, Set<SpiffeId> expected, Tcp outer, String outerAuthority, boolean shared)
            implements PoolKey {}
}
