/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, bounded, for what another thread or process is about to bring about. */
public final class Eventually {

    /** Liveness on a busy machine, never a measure. */
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 10;

    private Eventually() {}

    /** Returns when {@code condition} holds; fails with {@code otherwise} if it never does. */
    public static void holds(BooleanSupplier condition, Supplier<String> otherwise) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE + ": " + otherwise.get());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
