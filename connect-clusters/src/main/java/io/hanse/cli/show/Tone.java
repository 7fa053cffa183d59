/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

/** How a word is meant. The word says it already; colour only helps to find it. */
public enum Tone {
    PLAIN(""),
    GOOD("\u001b[32m"),
    DOUBTFUL("\u001b[33m"),
    BAD("\u001b[31m"),
    QUIET("\u001b[2m");

    private static final String RESET = "\u001b[0m";

    private final String sequence;

    Tone(String sequence) {
        this.sequence = sequence;
    }

    String around(String text) {
        return sequence.isEmpty() ? text : sequence + text + RESET;
    }
}
