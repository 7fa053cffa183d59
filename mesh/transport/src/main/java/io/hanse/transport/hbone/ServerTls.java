/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Which certificate answers at an address. Asked at each accept, on the event loop, so a new SVID serves from the next
 * connection on.
 */
@FunctionalInterface
public interface ServerTls {

    /**
     * The context for connections accepted at {@code localAddress}, or empty where no SVID is held yet: the connection
     * is then closed and counted as IDENTITY_NOT_READY. The context requires and verifies a client certificate and offers
     * ALPN {@code h2}.
     */
    Optional<SslContext> at(InetSocketAddress localAddress);
}
