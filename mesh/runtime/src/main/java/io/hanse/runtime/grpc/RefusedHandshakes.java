/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.reason.ReasonCode;
import java.net.SocketAddress;

/** Hears of each connection that a gRPC listener refused in the handshake. Called on an event loop; must not block. */
@FunctionalInterface
public interface RefusedHandshakes {

    /** Hears and forgets. */
    RefusedHandshakes IGNORED = (remote, reason, detail) -> {};

    /**
     * A handshake failed.
     *
     * @param reason the code for log and metric
     * @param detail one clause with the facts
     */
    void refused(SocketAddress remote, ReasonCode reason, String detail);
}
