/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

/** A text that is not a join token; the message never holds the secret. */
public final class MalformedJoinToken extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedJoinToken(String message) {
        super(message);
    }

    MalformedJoinToken(String message, Throwable cause) {
        super(message, cause);
    }
}
