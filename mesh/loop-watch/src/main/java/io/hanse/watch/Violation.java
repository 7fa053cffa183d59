/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.watch;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A blocking call on an event loop.
 *
 * @param call what blocks, {@code java.lang.Thread.sleepNanos0}
 * @param thread the event loop's name
 */
public record Violation(String call, String thread, String stack) {

    /** Frames that are kept; what called what is clear long before. */
    private static final int MAX_FRAMES = 40;

    static Violation here(String call) {
        Thread thread = Thread.currentThread();
        return new Violation(
                call,
                thread.getName(),
                Arrays.stream(thread.getStackTrace())
                        .filter(frame -> !frame.getClassName().startsWith("reactor.blockhound.")
                                && !frame.getClassName().startsWith("io.hanse.watch."))
                        .limit(MAX_FRAMES)
                        .map(frame -> "    at " + frame)
                        .collect(Collectors.joining("\n")));
    }

    @Override
    public String toString() {
        return call + " on event loop " + thread + "\n" + stack;
    }
}
