/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

/** Decides about CONNECT requests. Called on the event loop; must not block, may answer later from any thread. */
@FunctionalInterface
public interface TunnelAcceptor {

    /** A throw is answered 503 INTERNAL_ERROR. */
    void accept(TunnelRequest request);
}
