/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** When which root left a bundle, as each cluster's exchange sees it. Any thread. */
final class Departures implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(150);

    private final List<Cluster> clusters;
    private final Map<String, Set<String>> roots = new HashMap<>();
    private final Map<String, Instant> since = new HashMap<>();
    private final List<Departure> all = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Future<Boolean> watching;

    /** A root was trusted by a cluster from one moment to another. */
    record Departure(String holder, String domain, Instant from, Instant until) {}

    Departures(List<Cluster> clusters) {
        this.clusters = List.copyOf(clusters);
        look();
        this.watching = Await.beside("departures", () -> {
            while (!ending.get()) {
                Await.pass(BETWEEN);
                look();
            }
            return true;
        });
    }

    /** Whether a root that some cluster trusted at {@code opened} left it within a moment of {@code ended}. */
    synchronized boolean explains(Instant opened, Instant ended, Duration moment) {
        return all.stream()
                .anyMatch(one -> one.from().isBefore(opened)
                        && one.until().isAfter(opened)
                        && Duration.between(one.until(), ended).abs().compareTo(moment) < 0);
    }

    /** How many so far. */
    synchronized int count() {
        return all.size();
    }

    private void look() {
        for (Cluster holder : clusters) {
            for (Cluster about : clusters) {
                JsonNode bundle = holder.bundle(about.trustDomain());
                if (!bundle.isMissingNode()) {
                    compare(holder.name(), about.trustDomain(), bundle);
                }
            }
        }
    }

    private synchronized void compare(String holder, String domain, JsonNode bundle) {
        Instant now = Instant.now();
        Set<String> next = new HashSet<>();
        Cluster.elements(bundle.path("keys"))
                .filter(key -> "x509-svid".equals(key.path("use").asText()))
                .forEach(key -> next.add(key.path("x5c").path(0).asText()));
        Set<String> before = roots.getOrDefault(holder + domain, Set.of());
        for (String gone : before) {
            if (!next.contains(gone)) {
                all.add(new Departure(holder, domain, since.getOrDefault(holder + domain + gone, now), now));
            }
        }
        next.stream().filter(root -> !before.contains(root)).forEach(root -> since.put(holder + domain + root, now));
        roots.put(holder + domain, next);
    }

    @Override
    public void close() {
        ending.set(true);
        Await.join(watching);
    }
}
