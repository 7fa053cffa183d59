/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls that do not stop: some callers on virtual threads, each call on a connection of its own, each failure written
 * down. Any thread may ask.
 */
public final class Calls implements AutoCloseable {

    /** More says nothing new. */
    private static final int MAX_FAILURES = 10_000;

    private static final int SHOWN = 5;

    private final String name;
    private final InetSocketAddress listener;
    private final Duration pause;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Future<Boolean>> callers = new ArrayList<>();
    private Set<String> backends;
    private long good;
    private long failed;
    private String last = "";

    /** A call that failed: when it began, when it failed, how. */
    public record Failure(Instant began, Instant at, String how) {}

    /** A moment: how many calls were good and how many had failed. */
    public record Mark(Instant at, long good, long failed) {}

    private Calls(String name, InetSocketAddress listener, Duration pause, Set<String> backends) {
        this.name = name;
        this.listener = listener;
        this.pause = pause;
        this.backends = Set.copyOf(backends);
    }

    /**
     * Starts calling.
     *
     * @param callers how many call at the same time
     * @param pause between two calls of one caller
     * @param backends names that may answer; any other answer is a failure
     */
    public static Calls start(
            String name, InetSocketAddress listener, int callers, Duration pause, Set<String> backends) {
        Calls calls = new Calls(name, listener, pause, backends);
        for (int i = 0; i < callers; i++) {
            calls.callers.add(Await.beside("calls " + name, calls::call));
        }
        return calls;
    }

    /** One caller, a call every 20 ms. */
    public static Calls start(String name, InetSocketAddress listener, Set<String> backends) {
        return start(name, listener, 1, Duration.ofMillis(20), backends);
    }

    /** What these calls are called. */
    public String name() {
        return name;
    }

    /** From now on these may answer. */
    public synchronized void expect(Set<String> names) {
        backends = Set.copyOf(names);
    }

    /** Now. */
    public synchronized Mark mark() {
        return new Mark(Await.PACE.now(), good, failed);
    }

    /** How many were good since. */
    public synchronized long goodSince(Mark mark) {
        return good - mark.good();
    }

    /** How many failed since. */
    public synchronized long failedSince(Mark mark) {
        return failed - mark.failed();
    }

    /** Those that failed since, the first {@value #MAX_FAILURES} of all. */
    public synchronized List<Failure> failuresSince(Mark mark) {
        return failures.stream()
                .filter(failure -> !failure.at().isBefore(mark.at()))
                .toList();
    }

    /** Who answered last; empty if nobody ever did. */
    public synchronized String last() {
        return last;
    }

    /** Fails if a call has failed since, or if none was made. */
    public void requireNoneFailed(Mark since, String when) {
        if (failedSince(since) > 0) {
            List<Failure> some = failuresSince(since);
            throw new AssertionError("%d of %d calls of %s failed %s; the first: %s"
                    .formatted(
                            failedSince(since),
                            failedSince(since) + goodSince(since),
                            name,
                            when,
                            some.subList(0, Math.min(SHOWN, some.size()))));
        }
        if (goodSince(since) == 0) {
            throw new AssertionError("no call of %s was made %s, so nothing is proved".formatted(name, when));
        }
    }

    /** Waits for a good call that begins after now. */
    public void awaitGood(String when) {
        Mark mark = mark();
        // The first may have begun before.
        Await.until(
                "calls of %s are answered %s".formatted(name, when),
                Await.PATIENCE,
                () -> goodSince(mark) > 1,
                () -> "; the last failures: " + lastFailures());
    }

    private synchronized List<Failure> lastFailures() {
        return List.copyOf(failures.subList(Math.max(0, failures.size() - SHOWN), failures.size()));
    }

    private boolean call() {
        while (!ending.get()) {
            Instant began = Await.PACE.now();
            note(began, Call.get(listener));
            if (!pause.isZero()) {
                Await.pass(pause);
            }
        }
        return true;
    }

    private synchronized void note(Instant began, Call call) {
        if (call instanceof Call.Answered answered && answered.status() == 200 && backends.contains(answered.body())) {
            good++;
            last = answered.body();
            return;
        }
        failed++;
        if (failures.size() < MAX_FAILURES) {
            failures.add(new Failure(began, Await.PACE.now(), call.toString()));
        }
    }

    /** Ends it; calls under way come to their end. */
    @Override
    public void close() {
        ending.set(true);
        callers.forEach(Await::join);
    }

    @Override
    public String toString() {
        return "calls " + name;
    }
}
