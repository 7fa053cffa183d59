/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many signed things of each authority expire in which second. Its size is bounded by the seconds of the longest
 * lifetime, not by the number of things signed. Not thread-safe.
 */
final class ExpiryCounts {

    private final Map<String, TreeMap<Long, Integer>> byAuthority = new HashMap<>();

    void add(SignedEntry entry) {
        byAuthority
                .computeIfAbsent(entry.authority(), key -> new TreeMap<>())
                .merge(entry.notAfter().getEpochSecond(), 1, Integer::sum);
    }

    void forgetExpiredBefore(Instant limit) {
        Iterator<TreeMap<Long, Integer>> all = byAuthority.values().iterator();
        while (all.hasNext()) {
            TreeMap<Long, Integer> one = all.next();
            one.headMap(limit.getEpochSecond(), true).clear();
            if (one.isEmpty()) {
                all.remove();
            }
        }
    }

    long valid(String authority, Instant now) {
        TreeMap<Long, Integer> one = byAuthority.get(authority);
        return one == null
                ? 0
                : one.tailMap(now.getEpochSecond(), false).values().stream()
                        .mapToLong(Integer::longValue)
                        .sum();
    }

    long valid(Instant now) {
        return byAuthority.keySet().stream().mapToLong(key -> valid(key, now)).sum();
    }

    Optional<Instant> last(String authority) {
        TreeMap<Long, Integer> one = byAuthority.get(authority);
        return one == null ? Optional.empty() : Optional.of(Instant.ofEpochSecond(one.lastKey()));
    }

    Optional<Instant> soonest(Instant now) {
        return byAuthority.values().stream()
                .map(one -> Optional.ofNullable(one.higherKey(now.getEpochSecond())))
                .flatMap(Optional::stream)
                .min(Long::compare)
                .map(Instant::ofEpochSecond);
    }
}
