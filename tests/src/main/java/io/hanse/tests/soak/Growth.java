/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How much more a process may hold at the end than after the warm-up. The same for two minutes and for a night: what is
 * bounded does not grow with time.
 */
final class Growth {

    /**
     * One thing that is counted.
     *
     * @param part of the first value, in percent, that may come to it
     * @param room that may come to it besides
     */
    private record Bound(String name, ToLongFunction<Sample> value, int part, long room) {

        long most(Sample first) {
            long value = this.value.applyAsLong(first);
            return value + value * part / 100 + room;
        }
    }

    private static final List<Bound> BOUNDS = List.of(
            // Compiled code and metaspace still come, and the heap's committed part may reach its maximum (96 or 256
            // MiB).
            new Bound("RSS MiB", Sample::rss, 15, 48),
            new Bound("heap MiB", Sample::heap, 20, 6),
            new Bound("fds", Sample::descriptors, 10, 16),
            new Bound("threads", Sample::threads, 10, 8),
            new Bound("streams", Sample::streams, 0, 16),
            new Bound("series", Sample::series, 5, 24));

    private Growth() {}

    /** What grew beyond its bound. */
    static List<String> beyond(Map<String, Sample> first, Map<String, Sample> last) {
        List<String> grown = new ArrayList<>();
        first.forEach((process, before) -> {
            Sample after = last.getOrDefault(process, before);
            for (Bound bound : BOUNDS) {
                long value = bound.value().applyAsLong(after);
                if (value > bound.most(before)) {
                    grown.add("%s: %s grew from %d to %d (at most %d)"
                            .formatted(
                                    process,
                                    bound.name(),
                                    bound.value().applyAsLong(before),
                                    value,
                                    bound.most(before)));
                }
            }
        });
        return grown;
    }

    /** A table, before and after. */
    static void show(Map<String, Sample> first, Map<String, Sample> last, PrintStream out) {
        out.printf("%-28s", "PROCESS");
        BOUNDS.forEach(bound -> out.printf("%16s", bound.name()));
        out.println();
        first.forEach((process, before) -> {
            Sample after = last.getOrDefault(process, before);
            out.printf("%-28s", process);
            BOUNDS.forEach(bound -> out.printf(
                    "%16s",
                    bound.value().applyAsLong(before) + " > " + bound.value().applyAsLong(after)));
            out.println();
        });
    }
}
