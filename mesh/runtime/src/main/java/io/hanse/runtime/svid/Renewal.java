/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.runtime.time.Jitter;
import io.hanse.transport.tls.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When an SVID is renewed. */
public final class Renewal {

    /** Half life ± 10 %: what started together does not renew together. */
    private static final double SPREAD = 0.1;

    private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

    private Renewal() {}

    /**
     * Half way through its life, not negative.
     *
     * @param since when its life began: when it was received. An authority dates back what it signs, for clocks that are
     *     behind; counted from there, the half of a short life would be over on arrival
     */
    public static synchronized Duration until(X509Svid svid, Instant since, Instant now) {
        Duration half = Duration.between(since, svid.expiresAt()).dividedBy(2);
        Duration wait = Duration.between(now, since.plus(Jitter.spread(half, SPREAD, RANDOM)));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
