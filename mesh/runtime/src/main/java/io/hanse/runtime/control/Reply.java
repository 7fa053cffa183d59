/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

/** An answer of the control API. */
public sealed interface Reply {

    /** 200 with a value that {@link Json} writes. */
    record Json(Object value) implements Reply {}

    /**
     * A problem document (RFC 9457) with two members of our own: {@code code} and {@code next}.
     *
     * @param status HTTP status, 400 to 599
     * @param code stable word for programs, lower case with {@code -}
     * @param title what is wrong, the same for every occurrence
     * @param detail this occurrence: names, values, usual cause
     * @param next the command or act that comes next; empty if there is none
     */
    record Problem(int status, String code, String title, String detail, String next) implements Reply {
        public Problem {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status: %d (expected: 400 to 599)".formatted(status));
            }
        }
    }

    /** 200 with the value as JSON. */
    static Reply json(Object value) {
        return new Json(value);
    }

    /** A problem document. */
    static Problem problem(int status, String code, String title, String detail, String next) {
        return new Problem(status, code, title, detail, next);
    }
}
