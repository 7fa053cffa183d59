/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last text of each manifest file that was read without a problem. Without it, a restart between a mistake and its
 * repair would drop the file's objects, its policies too.
 */
final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private final Path directory;

    LastGood(Path directory) {
        this.directory = directory;
    }

    void keep(String file, byte[] text) {
        try {
            DurableFile.write(path(file), text);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot keep the last good manifest; a restart would not find it");
        }
    }

    Optional<byte[]> find(String file) {
        try {
            return DurableFile.readIfPresent(path(file), ManifestFolder.MAX_FILE_BYTES);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot read the last good manifest");
            return Optional.empty();
        }
    }

    void forget(String file) {
        try {
            DurableFile.delete(path(file));
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot remove the last good manifest");
        }
    }

    /** A file's path may hold what a file name may not. */
    private Path path(String file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".yaml");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
