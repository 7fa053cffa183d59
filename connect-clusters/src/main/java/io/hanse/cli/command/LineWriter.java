/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import java.io.Writer;
import java.util.function.Consumer;

/** Hands on whole lines; picocli writes its help through it. Not thread-safe. */
final class LineWriter extends Writer {

    private final Consumer<String> lines;
    private final StringBuilder pending = new StringBuilder();

    LineWriter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        pending.append(characters, offset, length);
        int end;
        while ((end = pending.indexOf("\n")) >= 0) {
            lines.accept(pending.substring(0, end).stripTrailing());
            pending.delete(0, end + 1);
        }
    }

    @Override
    public void flush() {
        // A line that has not ended yet stays: the screen takes whole lines only.
    }

    @Override
    public void close() {
        if (!pending.isEmpty()) {
            lines.accept(pending.toString());
            pending.setLength(0);
        }
    }
}
