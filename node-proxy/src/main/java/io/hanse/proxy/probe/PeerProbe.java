/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.probe;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import java.time.Duration;
import java.time.Instant;

/**
 * What the last probe of a peer found.
 *
 * @param reach how far it went: {@code gateway}, or {@code endpoint} through the gateway
 * @param reason OK, or why nobody answered
 * @param roundTrip from CONNECT to answer; zero if there was none
 * @param detail one clause for people, empty where the code says it all
 */
public record PeerProbe(
        TrustDomain peer, String reach, ReasonCode reason, Duration roundTrip, Instant at, String detail) {

    /** Whether the peer answered. */
    public boolean ok() {
        return reason == ReasonCode.OK;
    }
}
