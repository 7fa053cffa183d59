/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.runtime.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one address may ask for something that costs us: a bucket of {@link #BURST} requests that refills by one
 * each {@link #REFILL}. All peers behind one gateway share its address. Any thread.
 */
final class RateLimit {

    /** An operator who mistypes, with retries, stays below. */
    static final int BURST = 30;

    /** Guessing a 256-bit secret is hopeless at any rate; this keeps the attempt from costing us anything. */
    static final Duration REFILL = Duration.ofSeconds(1);

    /** Addresses remembered; the one unseen for longest is forgotten first. */
    static final int MAX_ADDRESSES = 4_096;

    private final Ticker ticker;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    RateLimit(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether {@code address} may ask once more now; counts the request if so. */
    synchronized boolean admits(String address) {
        long now = ticker.nanos();
        Bucket before = buckets.getOrDefault(address, new Bucket(BURST, now));
        long refills = Math.max(0, (now - before.atNanos()) / REFILL.toNanos());
        long tokens = Math.min(BURST, before.tokens() + refills);
        long since = tokens == BURST ? now : before.atNanos() + refills * REFILL.toNanos();
        boolean admitted = tokens > 0;
        buckets.put(address, new Bucket(admitted ? tokens - 1 : 0, since));
        if (buckets.size() > MAX_ADDRESSES) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return admitted;
    }

    private record Bucket(long tokens, long atNanos) {}
}
