/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.tests.cluster.ClusterProcess;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A step of the story, made so that any process may be killed while it happens.
 *
 * @param name as a column of the matrix
 * @param before what must stand before; every process is up
 * @param deed what happens while the process is killed: one try, taking no answer for an answer. It gives what is to be
 *     checked, and if need be finished, once the process is up again
 */
record Step(String name, Consumer<ClusterProcess> before, Supplier<Runnable> deed) {

    static Step of(String name, Supplier<Runnable> deed) {
        return new Step(name, victim -> {}, deed);
    }

    /** What {@code deed} gives when there is nothing to check. */
    static Runnable nothing() {
        return () -> {};
    }
}
