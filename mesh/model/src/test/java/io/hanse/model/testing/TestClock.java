/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until told otherwise. Any thread. */
public final class TestClock implements InstantSource {

    private volatile Instant now;

    /** A clock at {@code now}. */
    public TestClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Sets the clock, also back. */
    public void set(Instant instant) {
        now = instant;
    }

    /** Moves the clock on. */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }
}
