/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;

/** A start that failed for a reason the operator can act on: what, usual cause, next command, exit code. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;
    private final String next;

    /**
     * A failed start.
     *
     * @param what what failed, where, and its usual cause
     * @param next the command or act that comes next
     */
    public StartException(ExitCode exitCode, String what, String next) {
        super(what);
        this.exitCode = exitCode;
        this.next = next;
    }

    /** A failed start with what lies beneath it. */
    public StartException(ExitCode exitCode, String what, String next, Throwable cause) {
        super(what, cause);
        this.exitCode = exitCode;
        this.next = next;
    }

    /**
     * An address that cannot be listened on. Exit code 69.
     *
     * @param wire what it is for: {@code xds}
     * @param key the key of cluster.yaml that sets it: {@code cluster-registry.listen}
     */
    public static StartException cannotListen(String wire, HostPort address, String key, Throwable cause) {
        return new StartException(
                ExitCode.UNAVAILABLE,
                "%s: cannot listen on %s: %s".formatted(wire, address, BindFailure.reason(cause)),
                BindFailure.next(address, key, cause),
                cause);
    }

    /** What the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** What the operator does next. */
    public String next() {
        return next;
    }
}
