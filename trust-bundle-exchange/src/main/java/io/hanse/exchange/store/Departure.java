/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.identity.TrustDomain;
import java.time.Instant;

/**
 * How the last relationship with a trust domain ended, for people.
 *
 * @param trustDomain the other's
 * @param name what operators called it
 * @param by who ended it
 * @param at when this side removed it
 * @param confirmed whether the other side is known to have removed its half
 */
public record Departure(TrustDomain trustDomain, String name, By by, Instant at, boolean confirmed) {

    /** Who ended it. */
    public enum By {
        US,
        PEER
    }
}
