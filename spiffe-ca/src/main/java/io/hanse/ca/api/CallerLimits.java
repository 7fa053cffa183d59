/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.runtime.time.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each caller may ask: a bucket per caller, refilled steadily. The least recently seen caller is forgotten
 * first, so that strangers cannot fill the memory. Any thread.
 */
final class CallerLimits {

    /** Signatures a second for one proved identity: a node that restarts asks for all its workloads at once. */
    static final Rate PROVED = new Rate(500, 1_000);

    /** Attempts a second from one address without an SVID: enough for a rack that joins, slow for guessing. */
    static final Rate STRANGER = new Rate(20, 100);

    /** Callers remembered; 2,000 nodes with room. */
    private static final int MAX_CALLERS = 10_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Ticker ticker;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * How fast a bucket refills and how much it holds.
     *
     * @param perSecond tokens added in a second
     * @param burst tokens at most
     */
    record Rate(double perSecond, double burst) {}

    private record Bucket(double tokens, long atNanos) {}

    CallerLimits(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether {@code caller} may ask once more now. */
    synchronized boolean admit(String caller, Rate rate) {
        long now = ticker.nanos();
        Bucket last = buckets.getOrDefault(caller, new Bucket(rate.burst(), now));
        double refilled = last.tokens() + (now - last.atNanos()) / NANOS_PER_SECOND * rate.perSecond();
        double tokens = Math.min(rate.burst(), refilled);
        boolean admitted = tokens >= 1;
        buckets.put(caller, new Bucket(admitted ? tokens - 1 : tokens, now));
        if (buckets.size() > MAX_CALLERS) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return admitted;
    }
}
