/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import java.nio.file.Path;

/** The control socket cannot be listened on: which, why, and what the operator does next. */
public final class SocketUnusable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String next;

    SocketUnusable(Path socket, String problem, String next) {
        super("control socket %s: %s".formatted(socket, problem));
        this.next = next;
    }

    /** What the operator does next. */
    public String next() {
        return next;
    }
}
