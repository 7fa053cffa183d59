/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Nodes that get nothing any more: neither their own SVID nor one of a workload. Durable; any thread that may block. */
public final class BannedNodes {

    /** A cluster has fewer nodes. */
    public static final int MAX_BANNED = 10_000;

    private final JsonStore<Stored> store;
    private final InstantSource clock;
    private volatile SortedMap<String, Instant> banned = Collections.emptySortedMap();

    record Ban(String node, Instant since) {}

    record Stored(long version, List<Ban> banned) {

        Stored {
            banned = List.copyOf(banned);
        }
    }

    /**
     * Reads the bans kept in {@code file}.
     *
     * @param durable told each version of the file that is on disk
     */
    public BannedNodes(Path file, InstantSource clock, LongConsumer durable) {
        this.store = new JsonStore<>(file, Stored.class, durable);
        this.clock = clock;
        SortedMap<String, Instant> all = new TreeMap<>();
        store.read().ifPresent(stored -> stored.banned().forEach(ban -> all.put(ban.node(), ban.since())));
        this.banned = Collections.unmodifiableSortedMap(all);
    }

    /** The version of the file; 0 if there is none. */
    public synchronized long version() {
        return store.version();
    }

    /** Goes on with the bans there are, under a version higher than {@code newestVersion}. */
    public synchronized void goBeyond(long newestVersion) {
        store.goBeyond(newestVersion);
        publish(banned);
    }

    public boolean contains(String node) {
        return banned.containsKey(node);
    }

    /** Banned nodes and since when, by name. */
    public SortedMap<String, Instant> all() {
        return banned;
    }

    /** Bans a node; false if the list is full. */
    public synchronized boolean ban(String node) {
        if (!contains(node) && banned.size() >= MAX_BANNED) {
            return false;
        }
        SortedMap<String, Instant> next = new TreeMap<>(banned);
        next.putIfAbsent(node, clock.instant());
        publish(next);
        return true;
    }

    /** Lifts a ban; harmless if there is none. */
    public synchronized void lift(String node) {
        SortedMap<String, Instant> next = new TreeMap<>(banned);
        next.remove(node);
        publish(next);
    }

    private void publish(SortedMap<String, Instant> next) {
        store.write(version -> new Stored(
                version,
                next.entrySet().stream()
                        .map(entry -> new Ban(entry.getKey(), entry.getValue()))
                        .toList()));
        banned = Collections.unmodifiableSortedMap(next);
    }
}
