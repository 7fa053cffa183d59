/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.profile;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * From when to when a certificate is valid, in whole seconds.
 *
 * <p>RFC 5280 4.1.2.5: through 2049 as UTCTime, from 2050 as GeneralizedTime, both without fractions.
 */
public record Lifetime(Instant notBefore, Instant notAfter) {

    /** How far back validity starts, so that a verifier whose clock is a little behind accepts at once. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    public Lifetime {
        notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
        notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
        if (!notAfter.isAfter(notBefore)) {
            throw new IllegalArgumentException(
                    "notAfter: %s (expected: after notBefore %s)".formatted(notAfter, notBefore));
        }
    }

    /** From {@link #CLOCK_SKEW} before now until {@code length} after now. */
    public static Lifetime from(Instant now, Duration length) {
        return new Lifetime(now.minus(CLOCK_SKEW), now.plus(length));
    }

    /** This lifetime, ending no later than {@code limit}: no leaf outlives the authority that signs it. */
    public Lifetime endingBy(Instant limit) {
        return notAfter.isAfter(limit) ? new Lifetime(notBefore, limit) : this;
    }
}
