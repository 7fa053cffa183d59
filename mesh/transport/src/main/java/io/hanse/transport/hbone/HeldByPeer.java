/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What each peer holds in stalled tunnels, over all event loops: each tells its own sums now and then. Any thread. */
final class HeldByPeer {

    private final Map<Backlogs, Map<Holder, Long>> byLoop = new ConcurrentHashMap<>();

    /** Replaces what {@code from} told before. */
    void tell(Backlogs from, Map<Holder, Long> sums) {
        byLoop.put(from, Map.copyOf(sums));
    }

    /** Who holds most, if that is more than {@code allowance} bytes. */
    Optional<Holder> greediest(long allowance) {
        Map<Holder, Long> sums = new HashMap<>();
        byLoop.values().forEach(each -> each.forEach((peer, bytes) -> sums.merge(peer, bytes, Long::sum)));
        return sums.entrySet().stream()
                .filter(each -> each.getValue() > allowance)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }
}
