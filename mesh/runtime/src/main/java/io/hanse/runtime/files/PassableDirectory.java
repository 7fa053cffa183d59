/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that every user may pass and nobody else may list or change: mode 0711. For sockets whose callers are told
 * apart by who they are; nothing secret lives in it.
 */
public final class PassableDirectory {

    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    private PassableDirectory() {}

    /**
     * Creates the directory and its missing parents, all 0711, or sets an existing one to 0711.
     *
     * @return the same path
     * @throws StateException as {@link PrivateDirectory#create}
     */
    public static Path create(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.exists(parent)) {
            create(parent); // each by itself, because the umask may have closed it
        }
        return PrivateDirectory.create(path, PASSABLE);
    }

    /** The first folder on the way from the root to {@code path} that other users cannot pass; empty if they can. */
    public static Optional<Path> obstacle(Path path) {
        try {
            Path real = path.toRealPath();
            for (int names = 0; names <= real.getNameCount(); names++) {
                Path folder = names == 0 ? real.getRoot() : real.getRoot().resolve(real.subpath(0, names));
                if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return Optional.of(folder);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(path);
        }
    }
}
