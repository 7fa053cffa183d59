/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import io.hanse.model.reason.ReasonCode;

/** A text that is not what SPIFFE-ID.md allows; the message says what was given and which law it breaks. */
public final class InvalidSpiffeId extends IllegalArgumentException {

    private static final int SHOWN_CHARACTERS = 120;

    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    InvalidSpiffeId(ReasonCode reason, String what, String given, String expected) {
        super("%s: %s (expected: %s)".formatted(what, shown(given), expected));
        this.reason = reason;
    }

    /** Which part of the grammar it breaks. */
    public ReasonCode reason() {
        return reason;
    }

    private static String shown(String given) {
        StringBuilder text = new StringBuilder(SHOWN_CHARACTERS);
        given.codePoints()
                .limit(SHOWN_CHARACTERS)
                .map(c -> c < 0x20 || c > 0x7e ? '?' : c)
                .forEach(text::appendCodePoint);
        return given.length() > SHOWN_CHARACTERS ? text + "..." : text.toString();
    }
}
