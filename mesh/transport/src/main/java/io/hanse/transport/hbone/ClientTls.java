/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import java.util.SortedSet;

/** As whom a tunnel is dialled and whom it must reach. Asked at each dial, on the event loop. */
@FunctionalInterface
public interface ClientTls {

    /**
     * A context that shows the SVID of {@code client} and accepts a server only if its chain verifies and its ID is one
     * of {@code expected}; offers ALPN {@code h2}, sends no SNI. Empty where no SVID is held for {@code client}
     * (IDENTITY_NOT_READY).
     */
    Optional<SslContext> between(SpiffeId client, SortedSet<SpiffeId> expected);
}
