/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import java.time.Duration;

/**
 * The one seam for delayed work. Tasks run on virtual threads, may block, and are logged when they throw.
 *
 * <p>The twin for tests is {@code ManualScheduler} of this module's test-jar.
 */
public interface Scheduler {

    /** Runs the task once, not before the delay is over. */
    Cancellable after(Duration delay, Runnable task);

    /** Runs the task again and again: a period after the end of the run before, the first time after one period. */
    Cancellable every(Duration period, Runnable task);

    /** Runs the task at once on a thread of its own. */
    default Cancellable now(Runnable task) {
        return after(Duration.ZERO, task);
    }
}
