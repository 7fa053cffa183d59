/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.cli.time.Pace;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for conditions and for work beside; every wait ends. */
public final class Await {

    /** For liveness on a machine that does much other work too; nothing in good order comes near it. */
    public static final Duration PATIENCE = Duration.ofMinutes(4);

    static final Pace PACE = Pace.ofSystem();

    private static final Duration POLL = Duration.ofMillis(40);

    private Await() {}

    /** Waits until it holds; an {@link AssertionError} names what did not. */
    public static void until(String expectation, BooleanSupplier condition) {
        until(expectation, PATIENCE, condition);
    }

    /** Waits this long until it holds; an {@link AssertionError} names what did not. */
    public static void until(String expectation, Duration patience, BooleanSupplier condition) {
        until(expectation, patience, condition, () -> "");
    }

    /** As above; {@code otherwise} is asked for the facts once it has failed. */
    public static void until(
            String expectation, Duration patience, BooleanSupplier condition, Supplier<String> otherwise) {
        if (!PACE.until(patience, POLL, condition)) {
            throw new AssertionError("not within %s: %s%s".formatted(patience, expectation, otherwise.get()));
        }
    }

    /** Runs work beside the caller on a virtual thread. */
    public static <T> Future<T> beside(String name, Callable<T> work) {
        return PACE.beside(name, work);
    }

    /** The result of work beside; its failure is thrown here. */
    public static <T> T join(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Lets time pass: load runs meanwhile. Never in place of a condition. */
    public static void pass(Duration time) {
        PACE.pause(time);
    }
}
