/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

/** How a process ends, after sysexits.h. */
public enum ExitCode {
    OK(0),
    /** Wrong arguments or configuration. */
    CONFIG(64),
    /** A port in use, or no permission. */
    UNAVAILABLE(69),
    /** A bug. */
    BUG(70),
    /** State that cannot be read or written, or that another process holds. */
    STATE(74);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number the operating system sees. */
    public int number() {
        return number;
    }
}
