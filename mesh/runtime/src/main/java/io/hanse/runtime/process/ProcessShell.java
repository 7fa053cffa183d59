/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.control.SocketUnusable;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.Logs;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one role, or several in one JVM, from arguments to exit code. Called once, by Main. */
public final class ProcessShell {

    private static final Logger log = LoggerFactory.getLogger(ProcessShell.class);

    private ProcessShell() {}

    /** A role, what reads its section and what wires it. */
    public record Role(String name, SettingsReader settings, ProcessFactory factory) {}

    /**
     * Runs a role until it is told to stop. A Main is {@code System.exit(ProcessShell.run(args, CaWiring.role()))}.
     *
     * @return the exit code
     */
    public static int run(String[] args, Role role) {
        return runTogether(role.name(), args, List.of(role));
    }

    /**
     * Runs several roles in one JVM: each with its own context, control socket and state, all on one telemetry address.
     *
     * @param name of the whole: {@code control-plane}
     * @return the exit code
     */
    public static int runTogether(String name, String[] args, List<Role> roles) {
        List<String> arguments = List.of(args);
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.println(Arguments.usage(name));
            return ExitCode.OK.number();
        }
        Logs.begin();
        try {
            ProcessLife life = ProcessLife.read(name, Arguments.parse(name, arguments), roles, System.out);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endedBySignal(life), "drain"));
            try {
                life.start();
                life.awaitEnd();
            } finally {
                life.stop();
            }
            return ExitCode.OK.number();
        } catch (RuntimeException e) {
            return report(name, e, System.err).number();
        } finally {
            Logs.flush();
        }
    }

    /** A JVM that a signal ends has a code of the signal; one that drained well ends with 0. */
    private static void endedBySignal(ProcessLife life) {
        if (life.stop()) {
            Logs.flush();
            Runtime.getRuntime().halt(ExitCode.OK.number());
        }
    }

    private static ExitCode report(String name, RuntimeException failure, PrintStream err) {
        return switch (failure) {
            case ConfigException e -> say(err, name, String.valueOf(e.getMessage()), "", ExitCode.CONFIG);
            case StartException e -> say(err, name, String.valueOf(e.getMessage()), e.next(), e.exitCode());
            case SocketUnusable e -> say(err, name, String.valueOf(e.getMessage()), e.next(), ExitCode.UNAVAILABLE);
            case StateException e -> say(err, name, String.valueOf(e.getMessage()), e.next(), ExitCode.STATE);
            default -> {
                log.atError().setCause(failure).log("start failed, this is a bug");
                yield say(
                        err,
                        name,
                        "the start failed; this is a bug: " + failure,
                        "report it with the log above",
                        ExitCode.BUG);
            }
        };
    }

    private static ExitCode say(PrintStream err, String name, String what, String next, ExitCode code) {
        err.println(name + ": " + what);
        if (!next.isEmpty()) {
            err.println("next: " + next);
        }
        return code;
    }
}
