/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.endpoint;

import io.hanse.runtime.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What calls have learnt about endpoints and gateways: one that failed is left alone for a while, then one call tries it
 * again.
 *
 * <p>Any thread. Bounded by the catalog: {@link #forgetAllBut} drops endpoints that left.
 */
public final class EndpointHealth {

    /** How long an endpoint rests after its first failure: short, for a restarting process is back within a second. */
    static final Duration FIRST_REST = Duration.ofSeconds(1);

    /** How long it rests at most: an operator waits this long for traffic to come home, and a trial costs one dial. */
    static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private record Rest(int failures, long untilNanos) {}

    private final Ticker ticker;
    private final Map<String, Rest> resting = new ConcurrentHashMap<>();

    /** Everything is well. */
    public EndpointHealth(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A call reached the endpoint. */
    public void succeeded(String uid) {
        if (!resting.isEmpty()) {
            resting.remove(uid);
        }
    }

    /** A call could not be opened to the endpoint. */
    public void failed(String uid) {
        resting.compute(uid, (key, before) -> {
            int failures = before == null ? 1 : Math.min(before.failures() + 1, Integer.SIZE);
            return new Rest(failures, ticker.nanos() + restAfter(failures));
        });
    }

    /** Whether calls should go elsewhere first. */
    boolean rests(String uid) {
        return resting.containsKey(uid);
    }

    /**
     * Whether the caller may dial the endpoint first. When a rest is over exactly one caller is told so, and thereby tries
     * it for everybody; the others go elsewhere until it has succeeded.
     */
    public boolean mayGoFirst(String uid) {
        Rest rest = resting.get(uid);
        if (rest == null) {
            return true;
        }
        if (ticker.nanos() - rest.untilNanos() < 0) {
            return false;
        }
        return resting.replace(uid, rest, new Rest(rest.failures(), ticker.nanos() + restAfter(1)));
    }

    /** Drops what is known of everything that is no longer {@code there}. */
    public void forgetAllBut(Predicate<String> there) {
        resting.keySet().removeIf(there.negate());
    }

    private static long restAfter(int failures) {
        long rest = FIRST_REST.toNanos();
        for (int i = 1; i < failures && rest < LONGEST_REST.toNanos(); i++) {
            rest *= 2;
        }
        return Math.min(rest, LONGEST_REST.toNanos());
    }
}
