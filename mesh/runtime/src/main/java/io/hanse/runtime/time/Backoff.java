/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from first to longest, each wait drawn from its upper half.
 *
 * <p>One instance for each thing that is tried, never one for a process. Safe for any thread.
 */
public final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration ceiling;

    /**
     * A backoff at its start.
     *
     * @param first ceiling of the first wait, more than zero
     * @param longest ceiling of every later wait, not below {@code first}
     */
    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        if (!first.isPositive()) {
            throw new IllegalArgumentException("first: %s (expected: more than zero)".formatted(first));
        }
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("longest: %s (expected: not below %s)".formatted(longest, first));
        }
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.ceiling = first;
    }

    /** A backoff with randomness of its own. */
    public static Backoff between(Duration first, Duration longest) {
        return new Backoff(first, longest, RandomGenerator.of("L64X128MixRandom"));
    }

    /** The wait before the next try: between half and all of the ceiling, which then doubles up to the longest. */
    public synchronized Duration next() {
        long half = Math.max(1, ceiling.toNanos() / 2);
        Duration wait = Duration.ofNanos(half + random.nextLong(half + 1));
        ceiling = ceiling.compareTo(longest.dividedBy(2)) > 0 ? longest : ceiling.multipliedBy(2);
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** Back to the first wait, after a success. */
    public synchronized void reset() {
        ceiling = first;
    }
}
