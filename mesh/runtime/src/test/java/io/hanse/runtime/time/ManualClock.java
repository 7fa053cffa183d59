/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock and ticker that move only when told. Any thread. */
public final class ManualClock implements InstantSource, Ticker {

    private Instant now;
    private long nanos;

    /** A clock that stands at a moment. */
    public ManualClock(Instant start) {
        now = start;
    }

    /** Moves forward. */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("by: %s (expected: not negative)".formatted(by));
        }
        now = now.plus(by);
        nanos += by.toNanos();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }
}
