/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.time.Pace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls without a pause between two until it is closed, on a thread of its own, each on a new connection. */
final class Load implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(10);

    private final AtomicBoolean ending = new AtomicBoolean();
    private final Future<Tally> calls;

    private Load(Pace pace, InetSocketAddress listener, String cluster) {
        this.calls = pace.beside("load", () -> {
            int good = 0;
            int failed = 0;
            String first = "";
            while (!ending.get()) {
                Call.Outcome outcome = Call.get(listener);
                if (outcome.isFrom(cluster)) {
                    good++;
                } else {
                    failed++;
                    first = first.isEmpty() ? outcome.toString() : first;
                }
                pace.pause(BETWEEN);
            }
            return new Tally(good, failed, first);
        });
    }

    /** Starts calling; every call must be answered by {@code cluster}. */
    static Load start(Pace pace, InetSocketAddress listener, String cluster) {
        return new Load(pace, listener, cluster);
    }

    /** Ends it and counts. */
    Tally end() throws StepFailed {
        ending.set(true);
        try {
            return calls.get();
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
    record Tally(int good, int failed, String firstFailure) {}
}
