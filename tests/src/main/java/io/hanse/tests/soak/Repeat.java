/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import io.hanse.tests.cluster.Await;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something again and again on a thread of its own, until it is closed; a failure ends it and is kept. */
final class Repeat implements AutoCloseable {

    private final AtomicBoolean ending = new AtomicBoolean();
    private final Future<Boolean> work;

    Repeat(String name, Runnable once) {
        this.work = Await.beside(name, () -> {
            while (!ending.get()) {
                once.run();
            }
            return true;
        });
    }

    /** Lets the last round end; throws what ended the work before. */
    @Override
    public void close() {
        ending.set(true);
        Await.join(work);
    }
}
