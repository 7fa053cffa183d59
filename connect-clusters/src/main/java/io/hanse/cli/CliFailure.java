/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli;

/**
 * The one way a command gives up: what is wrong and where, what it means, what to run next, and the exit code.
 *
 * <p>Each part is one sentence or empty; the person sees all three and never a stack trace.
 */
public final class CliFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String meaning;
    private final String next;

    public CliFailure(ExitCode exitCode, String what, String meaning, String next) {
        super(what);
        this.exitCode = exitCode;
        this.meaning = meaning;
        this.next = next;
    }

    /** The user pressed Ctrl-C, or something asked the command to end. */
    public static CliFailure interrupted() {
        return new CliFailure(ExitCode.INTERRUPTED, "interrupted", "", "");
    }

    /** How the command ends. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** What is wrong: the object, and where. */
    public String what() {
        return String.valueOf(getMessage());
    }

    /** What that means for the user. */
    public String meaning() {
        return meaning;
    }

    /** A command to run next, or what to change. */
    public String next() {
        return next;
    }
}
