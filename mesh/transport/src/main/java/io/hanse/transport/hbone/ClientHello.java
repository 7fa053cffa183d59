/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import java.util.List;
import java.util.Optional;

/**
 * The two facts of a TLS ClientHello that choose a route (RFC 8446 4.1.2, RFC 6066 3, RFC 7301). Unauthenticated.
 *
 * @param serverName lower case, without trailing dot
 * @param protocols ALPN, in the client's order
 */
public record ClientHello(Optional<String> serverName, List<String> protocols) {

    public ClientHello {
        protocols = List.copyOf(protocols);
    }
}
