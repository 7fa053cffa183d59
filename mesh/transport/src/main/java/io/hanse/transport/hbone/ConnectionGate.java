/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import java.net.InetSocketAddress;

/**
 * Looks at a connection before TLS. Called on the event loop; must not block.
 *
 * <p>{@link #HBONE_ONLY} skips the look altogether: nothing is parsed, nothing is delayed.
 */
@FunctionalInterface
public interface ConnectionGate {

    /** Takes every connection as HBONE. */
    ConnectionGate HBONE_ONLY = (hello, local, remote) -> new Admission.Hbone();

    /** Decides by what the client said in clear. */
    Admission admit(ClientHello hello, InetSocketAddress localAddress, InetSocketAddress remoteAddress);
}
