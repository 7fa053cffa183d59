/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

/** A resource that breaks the schema or a noun's laws; the message is what the NACK says of it. */
public final class UnreadableResource extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableResource(String message) {
        super(message);
    }

    UnreadableResource(String message, Throwable cause) {
        super(message, cause);
    }
}
