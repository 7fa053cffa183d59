/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The process's log and access log, whose lines are written by threads of their own. */
public final class Logs {

    /** A full queue on a slow disk; whoever ends a process does not wait longer for lines. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Logs() {}

    /** Takes over what libraries say through java.util.logging: its console would be written by whoever logs. */
    public static void begin() {
        LibraryLog.takeOver();
    }

    /** Waits a little until all lines are written. Before the process ends; blocks. */
    public static void flush() {
        try {
            for (LogHandOff each : handOffs()) {
                each.flush(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts what was dropped. */
    static void count(MeterRegistry registry) {
        for (LogHandOff each : handOffs()) {
            FunctionCounter.builder("hanse.log.dropped", each, LogHandOff::dropped)
                    .description("Log lines that found no room while others were being written")
                    .tag("log", each.getName())
                    .register(registry);
        }
    }

    private static List<LogHandOff> handOffs() {
        List<LogHandOff> found = new ArrayList<>();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            for (Logger logger : context.getLoggerList()) {
                for (var all = logger.iteratorForAppenders(); all.hasNext(); ) {
                    Appender<ILoggingEvent> appender = all.next();
                    if (appender instanceof LogHandOff handOff) {
                        found.add(handOff);
                    }
                }
            }
        }
        return found;
    }
}
