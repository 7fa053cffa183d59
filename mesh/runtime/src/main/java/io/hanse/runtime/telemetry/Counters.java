/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A family of counters for the byte path: a cell is found once for its label values and counts without touching a meter.
 *
 * <p>At most {@code maxCells} label sets get a cell of their own; later ones share one whose labels all read
 * {@value #OVERFLOW}. Any thread.
 */
public final class Counters {

    /** Label value of everything beyond the cap. */
    public static final String OVERFLOW = "other";

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final List<String> labels;
    private final int maxCells;
    private final ConcurrentHashMap<List<String>, Cell> cells = new ConcurrentHashMap<>();
    private final Cell overflow;

    /**
     * A family without cells.
     *
     * @param name of the metric, dots for underscores, without {@code _total}
     * @param labels names of the labels every cell carries
     * @param maxCells how many label sets are kept apart
     */
    public Counters(MeterRegistry registry, String name, String description, List<String> labels, int maxCells) {
        if (maxCells < 1) {
            throw new IllegalArgumentException("maxCells: %d (expected: at least 1)".formatted(maxCells));
        }
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.labels = List.copyOf(labels);
        this.maxCells = maxCells;
        this.overflow = new Cell();
    }

    /** One counter; adding is wait-free. */
    public static final class Cell {

        private final LongAdder sum = new LongAdder();

        private Cell() {}

        /** Counts one. */
        public void increment() {
            sum.increment();
        }

        /** Counts several. */
        public void add(long amount) {
            sum.add(amount);
        }

        /** The sum so far. */
        public long sum() {
            return sum.sum();
        }
    }

    /** The cell of these label values, in the order of the label names. Find it once and keep it. */
    public Cell cell(String... values) {
        return cell(List.of(values));
    }

    /** The same by a list, which several families with the same labels may share. */
    public Cell cell(List<String> values) {
        Cell found = cells.get(values);
        return found != null ? found : admit(List.copyOf(values));
    }

    private synchronized Cell admit(List<String> key) {
        if (key.size() != labels.size()) {
            throw new IllegalArgumentException(
                    "%s: %d label values (expected: %d)".formatted(name, key.size(), labels.size()));
        }
        Cell found = cells.get(key);
        if (found != null) {
            return found;
        }
        if (cells.size() >= maxCells) {
            List<String> others = Collections.nCopies(labels.size(), OVERFLOW);
            return cells.computeIfAbsent(others, values -> registered(values, overflow));
        }
        return cells.computeIfAbsent(key, values -> registered(values, new Cell()));
    }

    private Cell registered(List<String> values, Cell cell) {
        Tags tags = Tags.empty();
        for (int i = 0; i < labels.size(); i++) {
            tags = tags.and(labels.get(i), values.get(i));
        }
        FunctionCounter.builder(name, cell.sum, LongAdder::doubleValue)
                .description(description)
                .tags(tags)
                .register(registry);
        return cell;
    }
}
