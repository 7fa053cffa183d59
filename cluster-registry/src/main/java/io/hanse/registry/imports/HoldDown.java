/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import java.time.Duration;
import java.time.Instant;

/**
 * How long the endpoints of a peer that was lost and is heard again stay away: not at all after the first loss, then one
 * lease, then twice as long after each loss, up to a bound. A peer that comes and goes at any rate changes the catalog ever
 * more seldom. Endpoints that stood for twice the bound without a loss make up for what was. Pure; confined to its
 * subscription's lock.
 */
final class HoldDown {

    private final ImportTerms terms;
    private int losses;
    private Duration delay = Duration.ZERO;
    private Instant backSince;

    /** Of a peer whose endpoints stand, or will when it is heard for the first time. */
    HoldDown(ImportTerms terms, Instant now) {
        this.terms = terms;
        this.backSince = now;
    }

    /** The endpoints were withdrawn. */
    void lost(Instant now) {
        if (!now.isBefore(backSince.plus(terms.longestHoldDown().multipliedBy(2)))) {
            losses = 0;
            delay = Duration.ZERO;
        }
        losses++;
        if (losses > 1) {
            Duration next = delay.isZero() ? terms.lease() : delay.multipliedBy(2);
            delay = next.compareTo(terms.longestHoldDown()) < 0 ? next : terms.longestHoldDown();
        }
    }

    /** The endpoints are in use again. */
    void back(Instant now) {
        backSince = now;
    }

    /** How long the peer must be heard before its endpoints are used again. */
    Duration delay() {
        return delay;
    }

    /** How often the endpoints were withdrawn, as far as it still counts. */
    int losses() {
        return losses;
    }
}
