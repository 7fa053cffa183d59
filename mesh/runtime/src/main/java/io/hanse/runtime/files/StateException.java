/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;

/** Durable state that cannot be read or written: which path, what failed, and what the operator does next. */
public final class StateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Path path;
    private final String next;

    StateException(String problem, Path path, String next, Throwable cause) {
        super(problem + ": " + path, cause);
        this.path = path;
        this.next = next;
    }

    StateException(String problem, Path path, String next) {
        super(problem + ": " + path);
        this.path = path;
        this.next = next;
    }

    /** The file or directory it is about. */
    public Path path() {
        return path;
    }

    /** What the operator can do, as a sentence or a command. */
    public String next() {
        return next;
    }
}
