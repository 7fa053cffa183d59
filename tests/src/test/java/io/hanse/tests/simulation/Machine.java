/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.runtime.files.StateException;
import io.hanse.runtime.time.Scheduler;
import io.hanse.tests.simulation.disk.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A process on a machine of its own: what is on its disk survives it, everything else ends with it. A supervisor starts it
 * again.
 */
abstract class Machine {

    private static final Duration SOONEST_RESTART = Duration.ofSeconds(1);
    private static final Duration LATEST_RESTART = Duration.ofSeconds(25);

    final World world;
    final String name;
    final SimDisk disk;
    private final Duration skew;
    private final boolean blocks;
    private Life life;
    private boolean starting;
    private int stepsUntilFate = -1;
    private boolean fateIsDeath;
    private boolean refused;
    private Instant upSince = World.START;
    private Instant downSince = World.START;

    /** From start to crash. */
    final class Life {

        private boolean alive = true;

        boolean isAlive() {
            return alive;
        }

        /** Runs product code as this process; what the disk refuses is the product's to bear, as in its own scheduler. */
        void run(Runnable task) {
            refused = false;
            try {
                if (blocks) {
                    Fiber.run(() -> guarded(task));
                } else {
                    guarded(task);
                }
            } catch (Crashed gone) {
                // Said when it happened.
            }
        }

        private void guarded(Runnable task) {
            try {
                task.run();
            } catch (Broken e) {
                throw e;
            } catch (RuntimeException e) {
                if (!(refused && isOfDisk(e))) {
                    throw new Broken("NoTaskFails", name + ": " + e, e);
                }
            }
        }
    }

    private static boolean isOfDisk(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof StateException) {
                return true;
            }
        }
        return false;
    }

    /**
     * A process that is not started.
     *
     * @param skew how far its clock is off
     * @param blocks whether its tasks wait for the network
     */
    Machine(World world, String name, Duration skew, boolean blocks) {
        this.world = world;
        this.name = name;
        this.skew = skew;
        this.blocks = blocks;
        this.disk = new SimDisk(world.stream());
        this.life = new Life();
        this.life.alive = false;
        disk.fate(this::diskStep);
    }

    /** Wires the product's objects on what the disk holds. */
    abstract void boot();

    /** What nobody but this process knew is gone. */
    abstract void gone();

    boolean isUp() {
        return life.alive && !starting;
    }

    Life life() {
        return life;
    }

    InstantSource clock() {
        return () -> world.now().plus(skew);
    }

    Instant time() {
        return clock().instant();
    }

    long nanos() {
        return world.sinceStart().toNanos();
    }

    Scheduler scheduler() {
        return new SimScheduler(world, life);
    }

    void start() {
        if (life.alive) {
            return;
        }
        life = new Life();
        starting = true;
        life.run(() -> {
            try {
                boot();
            } catch (StateException e) {
                if (!refused) {
                    throw e;
                }
                crash("its disk refuses", false);
            }
        });
        starting = false;
        upSince = world.now();
    }

    /** How old the newest that others have from it may be: the push, and for as long as it was away. */
    Duration behind() {
        Duration push = Pace.LOCAL_PUSH.multipliedBy(2);
        boolean settled = isUp() && !world.now().isBefore(upSince.plus(push));
        return settled ? push : Duration.between(downSince, world.now()).plus(push);
    }

    void crash(String why, boolean powerCut) {
        if (!life.alive) {
            return;
        }
        world.transcript().say(name, (powerCut ? "loses power" : "dies") + (why.isEmpty() ? "" : ": " + why));
        if (!world.now().isBefore(upSince.plus(Pace.LOCAL_PUSH.multipliedBy(2)))) {
            downSince = world.now();
        }
        life.alive = false;
        stepsUntilFate = -1;
        if (powerCut) {
            disk.cutPower();
        }
        gone();
        world.in(world.between(SOONEST_RESTART, LATEST_RESTART), () -> {
            if (!life.alive) {
                world.transcript().say(name, "starts again");
                start();
            }
        });
    }

    /** The disk refuses, or the process dies, at the given step from now. */
    void doom(int steps, boolean death) {
        stepsUntilFate = steps;
        fateIsDeath = death;
    }

    void spare() {
        stepsUntilFate = -1;
    }

    /** Whether the disk refused something to the task that ran last. */
    boolean wasRefused() {
        return refused;
    }

    private void diskStep(SimDisk.Step step, String path) throws IOException {
        if (!life.alive) {
            throw new Crashed();
        }
        if (stepsUntilFate < 0 || stepsUntilFate-- > 0) {
            return;
        }
        stepsUntilFate = -1;
        if (fateIsDeath) {
            crash("at " + step + " of " + path, world.chance(0.7));
            throw new Crashed();
        }
        world.transcript().say(name, "has no space left at " + step + " of " + path);
        refused = true;
        throw new IOException("No space left on device");
    }
}
