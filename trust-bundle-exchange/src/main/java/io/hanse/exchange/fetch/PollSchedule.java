/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.runtime.time.Jitter;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to look at a peer's bundle again: a quarter of its refresh hint, so that a key published one hint ahead is seen
 * in time even if three polls fail.
 *
 * @param floor never more often than this, whatever the peer hints
 */
public record PollSchedule(Duration floor) {

    /** Bundle 6.1: about every five minutes when the peer gives no hint. */
    public static final Duration WITHOUT_HINT = Duration.ofMinutes(5);

    /** A hint of a year must not stop us from noticing a revocation today. */
    public static final Duration LONGEST = Duration.ofHours(1);

    /** Spreads the polls of many clusters. */
    private static final double JITTER = 0.1;

    private static final int POLLS_PER_HINT = 4;

    public PollSchedule {
        if (!floor.isPositive() || floor.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "poll floor: %s (expected: more than 0, at most %s)".formatted(floor, LONGEST));
        }
    }

    /** The time between two polls, before jitter. */
    public Duration interval(Optional<Duration> hint) {
        Duration wanted = hint.map(value -> value.dividedBy(POLLS_PER_HINT)).orElse(WITHOUT_HINT);
        if (wanted.compareTo(floor) < 0) {
            return floor;
        }
        return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    /** The time to wait now. A failed poll waits just as long (Federation 6.2). */
    public Duration next(Optional<Duration> hint, RandomGenerator random) {
        return Jitter.spread(interval(hint), JITTER, random);
    }
}
