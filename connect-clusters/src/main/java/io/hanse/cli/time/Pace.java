/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.time;

import io.hanse.cli.CliFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/** Wall time, elapsed time and waiting. Any thread. */
public final class Pace {

    private final InstantSource clock;

    public Pace(InstantSource clock) {
        this.clock = clock;
    }

    /** The machine's own clock. */
    public static Pace ofSystem() {
        return new Pace(InstantSource.system());
    }

    /** The wall clock, for what people read. */
    public Instant now() {
        return clock.instant();
    }

    /** A stopwatch that has just started. */
    public Stopwatch start() {
        return new Stopwatch(System.nanoTime());
    }

    /** Waits this long. Interrupted means the user wants to stop: the command ends with 130. */
    public void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliFailure.interrupted();
        }
    }

    /** Asks {@code condition} every {@code interval} until it holds or {@code deadline} has passed; says whether it held. */
    public boolean until(Duration deadline, Duration interval, BooleanSupplier condition) {
        Stopwatch watch = start();
        while (!condition.getAsBoolean()) {
            if (watch.elapsed().compareTo(deadline) > 0) {
                return false;
            }
            pause(interval);
        }
        return true;
    }

    /** Runs {@code work} beside the caller on a virtual thread of its own. */
    public <T> Future<T> beside(String name, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name(name).start(task);
        return task;
    }

    /** Runs each task beside the others on a virtual thread of its own. */
    public Executor eachBeside() {
        return task -> Thread.ofVirtual().start(task);
    }

    /** Has {@code work} done when the JVM ends, for whatever reason but {@code kill -9}. */
    public static void atExit(Runnable work) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("at-exit").unstarted(work));
    }

    /** Waits for as long as {@code ended} has not completed. */
    public void await(CompletableFuture<?> ended) {
        ended.join();
    }

    /** Time since it was made. */
    public static final class Stopwatch {
        private final long began;

        private Stopwatch(long began) {
            this.began = began;
        }

        /** Never negative. */
        public Duration elapsed() {
            return Duration.ofNanos(Math.max(0, System.nanoTime() - began));
        }
    }
}
