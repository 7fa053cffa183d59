/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

/** A document that is not a SPIFFE bundle; the message says which rule it breaks, never what it holds. */
public final class MalformedBundle extends Exception {

    MalformedBundle(String message) {
        super(message);
    }

    MalformedBundle(String message, Throwable cause) {
        super(message, cause);
    }
}
