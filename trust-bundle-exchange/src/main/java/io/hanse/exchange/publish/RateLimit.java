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
 * How often callers of one address that proved nothing are told why: a bucket of {@link #BURST} answers that refills by one
 * each {@link #REFILL}. All peers and all strangers come with our gateway's address, so whoever proves something is not
 * counted. Any thread.
 */
final class RateLimit {

    /** An operator who mistypes, with retries, stays below. */
    static final int BURST = 30;

    /** Guessing a 256-bit secret is hopeless at any rate; this keeps who tries from learning much. */
    static final Duration REFILL = Duration.ofSeconds(1);

    /** Addresses remembered; the one unseen for longest is forgotten first. */
    static final int MAX_ADDRESSES = 4_096;

    private final Ticker ticker;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    RateLimit(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether {@code address} is answered once more now; counts the answer if so. */
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
