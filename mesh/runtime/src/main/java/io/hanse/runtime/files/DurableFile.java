/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is replaced whole or not at all: temporary file, fsync, rename, fsync of the directory; mode 0600.
 *
 * <p>Blocking. Two writers of one path are ordered by their caller.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class DurableFile {

    private DurableFile() {}

    /**
     * Replaces the content; when this returns, the new content survives a power cut.
     *
     * @throws StateException if the disk is full, read-only or refuses; the old content then still stands
     */
    public static void write(Path path, byte[] content) {
        throw new UnsupportedOperationException(path + " " + content.length);
    }

    /**
     * Reads the whole file, or nothing if there is none.
     *
     * @param maxBytes refuses a longer file
     * @throws StateException if it is longer or cannot be read
     */
    public static Optional<byte[]> readIfPresent(Path path, int maxBytes) {
        throw new UnsupportedOperationException(path + " " + maxBytes);
    }

    /** Removes the file durably; absent already is fine. */
    public static void delete(Path path) {
        throw new UnsupportedOperationException(path.toString());
    }
}
