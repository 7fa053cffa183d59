/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/** What something is, and what it was and until when. */
final class History<T> {

    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record Past<T>(T value, Instant until) {}

    private final World world;
    private final Deque<Past<T>> past = new ArrayDeque<>();
    private T now;
    private Instant since;

    History(World world, T first) {
        this.world = world;
        this.now = first;
        this.since = world.now();
    }

    T now() {
        return now;
    }

    Instant since() {
        return since;
    }

    void becomes(T next) {
        past.addFirst(new Past<>(now, world.now()));
        past.removeIf(old -> old.until().isBefore(world.now().minus(REMEMBERED)));
        now = next;
        since = world.now();
    }

    /** Whether it was so at any moment of the last {@code span}. */
    boolean was(Predicate<T> so, Duration span) {
        if (so.test(now)) {
            return true;
        }
        Instant limit = world.now().minus(span);
        for (Iterator<Past<T>> each = past.iterator(); each.hasNext(); ) {
            Past<T> old = each.next();
            if (old.until().isBefore(limit)) {
                return false;
            }
            if (so.test(old.value())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has been so for the whole of the last {@code span}. */
    boolean hasBeen(Predicate<T> so, Duration span) {
        return !was(so.negate(), span);
    }
}
