/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.time.Duration;

/** One life of a process: its timers end with it. */
final class SimScheduler implements Scheduler {

    private final World world;
    private final Machine.Life life;

    SimScheduler(World world, Machine.Life life) {
        this.world = world;
        this.life = life;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Handle handle = new Handle();
        world.in(delay, () -> handle.run(task));
        return handle;
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        Handle handle = new Handle();
        world.in(period, () -> repeat(handle, period, task));
        return handle;
    }

    private void repeat(Handle handle, Duration period, Runnable task) {
        handle.run(() -> {
            try {
                task.run();
            } finally {
                if (life.isAlive()) {
                    world.in(period, () -> repeat(handle, period, task));
                }
            }
        });
    }

    private final class Handle implements Cancellable {

        private boolean cancelled;

        void run(Runnable task) {
            if (!cancelled && life.isAlive()) {
                life.run(task);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
