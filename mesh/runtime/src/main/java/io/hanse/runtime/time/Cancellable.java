/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

/** Delayed work that can still be called off. Any thread. */
@FunctionalInterface
public interface Cancellable {

    /** Calls the work off; a run that has begun ends by itself. Calling twice is harmless. */
    void cancel();
}
