/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import java.time.Duration;

/**
 * How long what a peer told is used without hearing from it, and how long its return may be delayed.
 *
 * @param lease a peer not heard for this long loses its endpoints here
 * @param longestHoldDown how long the return of a peer that was lost again and again waits at most; zero: it never waits
 */
public record ImportTerms(Duration lease, Duration longestHoldDown) {

    public ImportTerms {
        if (!lease.isPositive() || longestHoldDown.isNegative()) {
            throw new IllegalArgumentException("terms: lease %s, hold-down %s (expected: more than zero, not negative)"
                    .formatted(lease, longestHoldDown));
        }
    }
}
