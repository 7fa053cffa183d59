/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Time, chance and the queue of what happens next. One thread; the same seed is the same world. */
final class World {

    /** Any moment; far from now, so that no real clock agrees with it by accident. */
    static final Instant START = Instant.parse("2031-05-01T00:00:00Z");

    /** More events than this in one world is a loop without progress. */
    private static final int MAX_EVENTS = 200_000;

    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");

    private record Event(Instant at, long order, Runnable what) {}

    private final long seed;
    private final RandomGenerator random;
    private final Transcript transcript;
    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private final List<Runnable> afterEach = new ArrayList<>();
    private Instant now = START;
    private long order;
    private long streams;
    private int events;

    World(long seed) {
        this.seed = seed;
        this.random = RANDOM.create(seed);
        this.transcript = new Transcript(this::sinceStart);
    }

    long seed() {
        return seed;
    }

    Instant now() {
        return now;
    }

    Duration sinceStart() {
        return Duration.between(START, now);
    }

    /** What fate throws its dice with. */
    RandomGenerator random() {
        return random;
    }

    /** Chance for one part of the product: a stream of its own, so that one part's draws do not move another's. */
    RandomGenerator stream() {
        return RANDOM.create(seed * 1_000_003 + ++streams);
    }

    Transcript transcript() {
        return transcript;
    }

    int events() {
        return events;
    }

    void afterEach(Runnable check) {
        afterEach.add(check);
    }

    void in(Duration delay, Runnable what) {
        queue.add(new Event(now.plus(delay.isNegative() ? Duration.ZERO : delay), order++, what));
    }

    /** Between {@code least} and {@code most}, evenly. */
    Duration between(Duration least, Duration most) {
        return least.plusNanos(random.nextLong(most.minus(least).toNanos() + 1));
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Lets everything happen that is due within {@code span}. */
    void run(Duration span) {
        Instant end = now.plus(span);
        while (!queue.isEmpty() && !queue.peek().at().isAfter(end)) {
            Event event = queue.remove();
            now = event.at();
            if (++events > MAX_EVENTS) {
                throw new Broken("TheWorldComesToRest", "more than %d events".formatted(MAX_EVENTS));
            }
            event.what().run();
            afterEach.forEach(Runnable::run);
        }
        now = end;
    }
}
