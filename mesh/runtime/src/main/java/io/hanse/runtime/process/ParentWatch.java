/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.runtime.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Notices that the process this one belongs to has ended, so that a demo or a test leaves nothing behind.
 *
 * <p>The process is this one's parent ({@code --exit-with-parent}), or the one of {@value #VARIABLE}. Looked at every
 * half second: the kernel tells nobody but a parent about a death.
 */
final class ParentWatch {

    static final String VARIABLE = "HANSE_PARENT_PID";

    private static final Duration PERIOD = Duration.ofMillis(500);

    private ParentWatch() {}

    /** Calls the task once the watched process has ended; never if none is to be watched. */
    static void start(Arguments arguments, Map<String, String> environment, Scheduler scheduler, Runnable ended) {
        if (arguments.exitWithParent()) {
            long parent = parentPid();
            scheduler.every(PERIOD, () -> {
                if (parentPid() != parent) {
                    ended.run();
                }
            });
        }
        String pid = environment.get(VARIABLE);
        if (pid != null && pid.matches("[0-9]{1,9}")) {
            Optional<ProcessHandle> watched = ProcessHandle.of(Long.parseLong(pid));
            Optional<Instant> started = watched.flatMap(handle -> handle.info().startInstant());
            scheduler.every(PERIOD, () -> {
                if (!watched.map(handle -> isSame(handle, started)).orElse(false)) {
                    ended.run();
                }
            });
        }
    }

    /** Still alive, and not another process that was given the same number. */
    private static boolean isSame(ProcessHandle handle, Optional<Instant> started) {
        return handle.isAlive() && handle.info().startInstant().equals(started);
    }

    private static long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }
}
