/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.time.Pace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls that do not stop, one after the other on a thread of their own, each on a connection of its own. */
final class Load implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(10);

    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicReference<@Nullable FutureTask<Boolean>> pending = new AtomicReference<>();
    private final Future<Tally> calls;

    private Load(Pace pace, InetSocketAddress listener, Set<String> clusters) {
        this.calls = pace.beside("load", () -> {
            int good = 0;
            int failed = 0;
            String first = "";
            while (!ending.get()) {
                Call.Outcome outcome = Call.get(listener);
                if (clusters.stream().anyMatch(outcome::isFrom)) {
                    good++;
                } else {
                    failed++;
                    first = first.isEmpty() ? outcome.toString() : first;
                }
                FutureTask<Boolean> deed = pending.getAndSet(null);
                if (deed != null) {
                    deed.run();
                }
                pace.pause(BETWEEN);
            }
            return new Tally(good, failed, first);
        });
    }

    /** Starts calling; every call must be answered by one of {@code clusters}. */
    static Load start(Pace pace, InetSocketAddress listener, Set<String> clusters) {
        return new Load(pace, listener, clusters);
    }

    /** Has something done while no call is under way, and waits until it is done. */
    void between(Runnable deed) throws StepFailed {
        FutureTask<Boolean> task = new FutureTask<>(deed, true);
        pending.set(task);
        wait(task);
    }

    /** Ends it and counts. */
    Tally end() throws StepFailed {
        ending.set(true);
        return wait(calls);
    }

    private static <T> T wait(Future<T> future) throws StepFailed {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new StepFailed("the load ended by itself: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("interrupted");
        }
    }

    @Override
    public void close() {
        ending.set(true);
    }

    /** How the calls went. */
    record Tally(int good, int failed, String firstFailure) {

        /** Fails the step if a single call failed. */
        void requireNoFailure(String when) throws StepFailed {
            StepFailed.unless(
                    failed == 0 && good > 0,
                    "%d of %d calls failed %s; the first: %s".formatted(failed, good + failed, when, firstFailure));
        }
    }
}
