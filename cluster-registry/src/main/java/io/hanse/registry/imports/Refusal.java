/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.reason.ReasonCode;

/**
 * A resource of a peer that is not used.
 *
 * @param resource its name, cut to a length fit for showing
 * @param reason one of {@code IMPORT_}
 * @param why in words
 */
public record Refusal(String resource, ReasonCode reason, String why) {

    private static final int MAX_SHOWN_CHARACTERS = 200;

    public Refusal {
        resource = shown(resource);
        why = shown(why);
    }

    /** A peer's words may hold anything; a terminal must not. */
    private static String shown(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(MAX_SHOWN_CHARACTERS)
                .map(c -> c < 0x20 || c > 0x7e ? '?' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
