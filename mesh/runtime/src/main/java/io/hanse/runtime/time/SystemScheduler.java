/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import io.hanse.runtime.files.StateException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler of a running process: one timer thread hands each due task to a virtual thread. */
public final class SystemScheduler implements Scheduler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SystemScheduler.class);

    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("task-", 0).factory());

    /** A scheduler that runs until closed. */
    public SystemScheduler() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Handle handle = new Handle();
        handle.arm(delay, () -> guarded(task));
        return handle;
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("period: %s (expected: more than zero)".formatted(period));
        }
        Handle handle = new Handle();
        handle.arm(period, () -> repeat(handle, period, task));
        return handle;
    }

    /** Calls off what has not begun and interrupts what runs. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private void repeat(Handle handle, Duration period, Runnable task) {
        try {
            guarded(task);
        } finally {
            // An Error ends this run and its thread, not the schedule.
            handle.arm(period, () -> repeat(handle, period, task));
        }
    }

    /** The top of a task's thread: what escapes a task is a bug, is logged as one, and does not end the schedule. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (StateException e) {
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("next", e.next())
                    .log("a scheduled task could not write its state");
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("scheduled task failed, this is a bug");
        }
    }

    /** One task's place in the timer: armed again for each run, dead once cancelled. */
    private final class Handle implements Cancellable {

        private boolean cancelled;
        private @Nullable Future<?> pending;

        synchronized void arm(Duration delay, Runnable work) {
            if (cancelled || timer.isShutdown()) {
                return;
            }
            try {
                pending = timer.schedule(() -> start(work), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // Closed between the check and here: nothing is to run any more.
                cancelled = true;
            }
        }

        private synchronized void start(Runnable work) {
            if (!cancelled && !workers.isShutdown()) {
                workers.execute(work);
            }
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
