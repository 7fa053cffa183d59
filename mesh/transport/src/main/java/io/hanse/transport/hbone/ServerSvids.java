/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.tls.X509Svid;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who answers at an address. Asked at each accept, on the event loop, so a renewed SVID serves from the next connection
 * on; must not block.
 */
@FunctionalInterface
public interface ServerSvids {

    /**
     * The SVID for connections accepted at {@code localAddress}, or empty where none is held yet: the connection is then
     * closed and counted as IDENTITY_NOT_READY.
     */
    Optional<X509Svid> at(InetSocketAddress localAddress);
}
