/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import java.time.Duration;
import java.util.List;

/**
 * What a tunnel did, told once when it ended.
 *
 * @param bytesSent application bytes that went from this process towards the peer proxy
 * @param bytesReceived application bytes that came from the peer proxy
 * @param duration from the request to the end
 * @param reason OK if both sides ended in order
 * @param detail one clause for people, empty where the code says it all
 * @param peers verified IDs, the endpoint's last: at a server the client's; at a client the gateway's (if any), then the
 *     endpoint's
 */
public record TunnelStats(
        long bytesSent, long bytesReceived, Duration duration, ReasonCode reason, String detail, List<SpiffeId> peers) {

    public TunnelStats {
        peers = List.copyOf(peers);
    }
}
