/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A directory that only its owner may enter: mode 0700. */
public final class PrivateDirectory {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The bit of a mode that marks directories shared by users (inode(7)). */
    private static final int STICKY = 0x200;

    private PrivateDirectory() {}

    /**
     * Creates the directory and its missing parents, all 0700, or tightens an existing one to 0700.
     *
     * @return the same path
     * @throws StateException if it cannot be made or tightened, a file stands there, or it is a directory that others
     *     live in, such as /run, /tmp or a home
     */
    public static Path create(Path path) {
        return create(path, OWNER_ONLY);
    }

    static Path create(Path path, Set<PosixFilePermission> mode) {
        try {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(mode));
            if (!Files.getPosixFilePermissions(path).equals(mode)) {
                refuseShared(path.toRealPath());
                Files.setPosixFilePermissions(path, mode);
            }
            return path;
        } catch (FileAlreadyExistsException e) {
            throw new StateException("a file stands where a directory is needed", path, "move it away: ls -l " + path);
        } catch (IOException e) {
            throw StateException.of("make the directory", path, e);
        }
    }

    /** Another mode for a directory of the system would break the machine. */
    private static void refuseShared(Path real) throws IOException {
        boolean sticky = ((Integer) Files.getAttribute(real, "unix:mode") & STICKY) != 0;
        if (sticky || real.getNameCount() < 2 || real.equals(Path.of(System.getProperty("user.home")))) {
            throw new StateException(
                    "a directory that others use too",
                    real,
                    "name a directory below it, for example " + real + "/hanse");
        }
    }
}
