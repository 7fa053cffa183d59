/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import io.hanse.model.reason.ReasonCode;

/** A document that is not a SPIFFE bundle; the message says which rule it breaks, never what it holds. */
public final class MalformedBundle extends Exception {

    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    MalformedBundle(ReasonCode reason, String message) {
        super(message);
        this.reason = reason;
    }

    MalformedBundle(ReasonCode reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Which rule it breaks: one of {@code BUNDLE_}. */
    public ReasonCode reason() {
        return reason;
    }
}
