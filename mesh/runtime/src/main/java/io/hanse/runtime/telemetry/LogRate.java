/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.hanse.runtime.time.Ticker;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the lines that strangers can cause; the counter beside them counts all. Any thread, wait-free. */
public final class LogRate {

    /** Enough to see what is going on, few enough for any disk. */
    public static final int LINES_PER_SECOND = 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Ticker ticker;
    private final AtomicLong second = new AtomicLong();
    private final AtomicLong linesThisSecond = new AtomicLong();

    /** Full at once. */
    public LogRate(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether one more line may be written in this second; counts it if so. */
    public boolean mayLog() {
        long now = ticker.nanos() / NANOS_PER_SECOND;
        if (second.getAndSet(now) != now) {
            linesThisSecond.set(0);
        }
        return linesThisSecond.incrementAndGet() <= LINES_PER_SECOND;
    }
}
