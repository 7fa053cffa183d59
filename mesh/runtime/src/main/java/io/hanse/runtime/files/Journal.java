/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An append-only file of text lines, each with its own CRC-32C; a torn last line is cut off at the next opening.
 *
 * <p>One process at a time (hold a {@link DirectoryLock}); safe for any thread inside it; blocking.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Journal implements AutoCloseable {

    private Journal() {}

    /**
     * Opens or creates the journal, mode 0600.
     *
     * @throws StateException if a line before the last is damaged, or the file cannot be opened
     */
    public static Journal open(Path path) {
        throw new UnsupportedOperationException(path.toString());
    }

    /**
     * Adds a line; when this returns it survives a power cut.
     *
     * @param line no line breaks
     */
    public void append(String line) {
        throw new UnsupportedOperationException(line);
    }

    /** Gives every line to the reader, oldest first. */
    public void replay(Consumer<String> reader) {
        throw new UnsupportedOperationException(reader.toString());
    }

    @Override
    public void close() {}
}
