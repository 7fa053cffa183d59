/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many signatures are in the making at once. A crowd after an outage waits here for a moment and is then sent away,
 * instead of filling the memory with half-done work. Any thread that may block.
 */
public final class SigningGate {

    /** Signing is processor work: more than a few at once per core only adds waiting. */
    private static final int PER_PROCESSOR = 8;

    /** Well inside the deadline of a caller. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private final Semaphore free;
    private final Duration longestWait;

    public SigningGate() {
        this(PER_PROCESSOR * Runtime.getRuntime().availableProcessors(), LONGEST_WAIT);
    }

    SigningGate(int atOnce, Duration longestWait) {
        this.free = new Semaphore(atOnce);
        this.longestWait = longestWait;
    }

    /** Waits for a place; false if there was none in time. After true the caller calls {@link #leave}. */
    public boolean enter() {
        try {
            return free.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void leave() {
        free.release();
    }
}
