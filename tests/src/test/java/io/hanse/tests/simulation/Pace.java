/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;

/**
 * How fast this world goes. The product's proportions are kept (an authority lives nine hints and more, an SVID a sixth of
 * that, a heartbeat a third of a lease), only smaller, so that a quarter of an hour sees whole rotations.
 */
final class Pace {

    static final Duration AUTHORITY = Duration.ofMinutes(30);
    static final Duration HINT = Duration.ofMinutes(2);
    static final Duration SVID = Duration.ofMinutes(4);
    static final Duration LEASE = Duration.ofSeconds(60);

    /** A peer that was lost again and again is heard for this long before its endpoints are used. */
    static final Duration HOLD_DOWN = LEASE;

    static final Duration HEARTBEAT = Duration.ofSeconds(20);
    static final Duration CA_LOOK = Duration.ofSeconds(5);
    static final Duration FAREWELL_RETRY = Duration.ofSeconds(15);
    static final Duration INVITATION = Duration.ofMinutes(4);

    /** Clocks of two clusters differ by at most twice this; a certificate is dated back by as much. */
    static final Duration SKEW = Duration.ofSeconds(5);

    /** Until everybody inside a cluster has heard what one of its processes knows. */
    static final Duration LOCAL_PUSH = Duration.ofMillis(800);

    /** One way between two clusters, at most. */
    static final Duration LATENCY = Duration.ofMillis(250);

    /** A connection on which nothing comes back is given up (GrpcLimits: 30 s and 10 s). */
    static final Duration KEEPALIVE = Duration.ofSeconds(40);

    /** A poll comes every quarter of a hint and a tenth more; with the fetch itself and the push after it. */
    static final Duration POLL =
            HINT.dividedBy(4).multipliedBy(11).dividedBy(10).plusSeconds(12);

    /** The longest wait before a registry dials a peer again, and the time to get through. */
    static final Duration REDIAL = Duration.ofSeconds(20);

    private Pace() {}
}
