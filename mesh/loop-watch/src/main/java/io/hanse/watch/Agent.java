/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The watch in a process of its own: {@code -javaagent:<this jar>=<folder>} makes {@code <folder>/<pid>.blocking}, empty, and
 * writes each different violation to it once.
 */
public final class Agent {

    /** Often enough that what a killed process did is in the file; what it did last may be lost. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Different violations written; a process that has more has been read long before. */
    private static final int MAX_WRITTEN = 1_000;

    private Agent() {}

    /** Called by the JVM before main. */
    public static void premain(String folder, Instrumentation instrumentation) throws IOException {
        Path file = Path.of(folder, ProcessHandle.current().pid() + ".blocking");
        Files.createFile(file);
        LoopWatch.begin(instrumentation);
        Thread.ofPlatform().daemon().name("loop-watch").start(() -> write(file));
    }

    /** On a thread of its own: writing where it happened would block the loop that is watched. */
    private static void write(Path file) {
        Set<Violation> written = new HashSet<>();
        while (true) {
            for (Violation violation : LoopWatch.take()) {
                if (written.size() < MAX_WRITTEN && written.add(violation)) {
                    append(file, violation);
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void append(Path file, Violation violation) {
        try {
            Files.writeString(file, violation + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            // Ends this thread, and the JVM prints it: all that can still be said, and where it is looked for.
            throw new UncheckedIOException("loop-watch: cannot write this: " + violation, e);
        }
    }
}
