/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli;

/** How the command ends; scripts rely on the numbers. */
public enum ExitCode {
    /** It did what it was asked, and what it looked at is fine. */
    FINE(0),
    /** It looked, and found a problem. */
    PROBLEM(1),
    /** It was used wrongly; nothing was done. */
    USAGE(2),
    /** It could not reach what it needs, or that refused. */
    UNREACHABLE(3),
    /** Ctrl-C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process's exit status. */
    public int number() {
        return number;
    }
}
