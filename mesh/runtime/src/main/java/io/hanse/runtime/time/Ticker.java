/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

/** Elapsed time: differences of two readings mean something, a single reading does not. Any thread. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary moment. */
    long nanos();

    /** The monotonic clock of this machine. */
    static Ticker system() {
        return System::nanoTime;
    }
}
