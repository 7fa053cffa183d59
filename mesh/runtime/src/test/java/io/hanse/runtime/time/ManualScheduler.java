/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A scheduler whose time moves only when told; due tasks run on the thread that moves it, in order of their moments. */
public final class ManualScheduler implements Scheduler {

    private final ManualClock clock;
    private final List<Entry> entries = new ArrayList<>();
    private long sequence;

    private record Entry(Instant due, long order, Duration period, Runnable task) {}

    /** A scheduler that moves the clock. */
    public ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return add(delay, Duration.ZERO, task);
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("period: %s (expected: more than zero)".formatted(period));
        }
        return add(period, period, task);
    }

    /** Moves the clock forward and runs what falls due on the way, what those tasks schedule included. */
    public void advance(Duration by) {
        Instant end = clock.instant().plus(by);
        for (Optional<Entry> due = takeDue(end); due.isPresent(); due = takeDue(end)) {
            Entry entry = due.get();
            if (entry.due().isAfter(clock.instant())) {
                clock.advance(Duration.between(clock.instant(), entry.due()));
            }
            entry.task().run();
        }
        clock.advance(Duration.between(clock.instant(), end));
    }

    /** Runs what is due now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** How long until the next task, if there is one. */
    public synchronized Optional<Duration> untilNext() {
        return entries.stream().map(Entry::due).min(Comparator.naturalOrder()).map(due -> {
            Duration wait = Duration.between(clock.instant(), due);
            return wait.isNegative() ? Duration.ZERO : wait;
        });
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return entries.size();
    }

    private synchronized Cancellable add(Duration delay, Duration period, Runnable task) {
        long order = sequence++;
        entries.add(new Entry(clock.instant().plus(delay.isNegative() ? Duration.ZERO : delay), order, period, task));
        return () -> remove(order);
    }

    private synchronized void remove(long order) {
        entries.removeIf(entry -> entry.order() == order);
    }

    private synchronized Optional<Entry> takeDue(Instant end) {
        Optional<Entry> next = entries.stream()
                .filter(entry -> !entry.due().isAfter(end))
                .min(Comparator.comparing(Entry::due).thenComparingLong(Entry::order));
        next.ifPresent(entry -> {
            entries.remove(entry);
            if (entry.period().isPositive()) {
                entries.add(new Entry(entry.due().plus(entry.period()), entry.order(), entry.period(), entry.task()));
            }
        });
        return next;
    }
}
