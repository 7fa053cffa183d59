/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What of a peer is not used: all of it counted, some of it kept for showing. A peer can cause as many refusals as it has
 * resources, and must not fill our memory with them. One thread at a time.
 */
final class Refusals {

    /** Shown and logged; the rest is counted. */
    static final int MAX_SHOWN = 100;

    private final List<Refusal> shown = new ArrayList<>();
    private final Map<ReasonCode, Integer> counts = new EnumMap<>(ReasonCode.class);

    void add(Refusal refusal) {
        counts.merge(refusal.reason(), 1, Integer::sum);
        if (shown.size() < MAX_SHOWN) {
            shown.add(refusal);
        }
    }

    void add(String resource, ReasonCode reason, String why) {
        add(new Refusal(resource, reason, why));
    }

    void addAll(Refusals others) {
        others.counts.forEach((reason, count) -> counts.merge(reason, count, Integer::sum));
        others.shown.stream().limit(Math.max(0, MAX_SHOWN - shown.size())).forEach(shown::add);
    }

    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The first of them. */
    List<Refusal> shown() {
        return List.copyOf(shown);
    }

    Map<ReasonCode, Integer> byReason() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }
}
