/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Spreads moments, so that a thousand holders of one deadline do not act at once. */
public final class Jitter {

    private Jitter() {}

    /**
     * A duration drawn evenly from {@code duration * (1 - fraction)} to {@code duration * (1 + fraction)}.
     *
     * @param fraction 0 to 1
     * @param random decides; not a secret
     */
    public static Duration spread(Duration duration, double fraction, RandomGenerator random) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction: %s (expected: 0 to 1)".formatted(fraction));
        }
        double factor = 1 + fraction * (2 * random.nextDouble() - 1);
        return Duration.ofNanos(Math.round(duration.toNanos() * factor));
    }
}
