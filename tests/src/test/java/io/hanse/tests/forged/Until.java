/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.runtime.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Bounded waiting for what another thread makes true. */
final class Until {

    /** Generous: the machine may do other work. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(2);

    /** A thousand times as fast as time: rate limits are not what is tried here. */
    static final Ticker HASTY = () -> System.nanoTime() * 1_000L;

    private Until() {}

    static <T> T found(String what, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        throw new AssertionError("never happened: " + what);
    }
}
