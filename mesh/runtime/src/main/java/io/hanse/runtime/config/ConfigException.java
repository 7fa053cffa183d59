/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; the message is the whole report for the operator. Exit code 64. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param where {@code file:line:column} or the file
     * @param what what is wrong, and what was expected
     * @param hint usual cause or nearest known key; empty if there is none
     */
    public record Problem(String where, String what, String hint) {
        @Override
        public String toString() {
            return where + ": " + what + (hint.isEmpty() ? "" : "\n    " + hint);
        }
    }

    private final String next;

    /**
     * A report.
     *
     * @param problems at least one
     * @param next the command or act that comes next
     */
    public ConfigException(List<Problem> problems, String next) {
        super(report(problems, next));
        this.problems = List.copyOf(problems);
        this.next = next;
    }

    /** Everything that is wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /** What the operator does next. */
    public String next() {
        return next;
    }

    private static String report(List<Problem> problems, String next) {
        String head = problems.size() == 1
                ? "the configuration has a problem:"
                : "the configuration has %d problems:".formatted(problems.size());
        return problems.stream().map(p -> "  " + p).collect(Collectors.joining("\n", head + "\n", "\n")) + "next: "
                + next;
    }
}
