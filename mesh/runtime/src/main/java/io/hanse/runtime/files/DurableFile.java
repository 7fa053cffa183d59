/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is replaced whole or not at all: temporary file, fsync, rename, fsync of the directory; mode 0600.
 *
 * <p>Blocking. Two writers of one path are ordered by their caller.
 */
public final class DurableFile {

    private static final Logger log = LoggerFactory.getLogger(DurableFile.class);

    /** Only the owner reads and writes: state may hold secrets. */
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private DurableFile() {}

    /**
     * Replaces the content; when this returns, the new content survives a power cut. A missing directory is made, 0700.
     *
     * @throws StateException if the disk is full, read-only or refuses; the old content then still stands
     */
    public static void write(Path path, byte[] content) {
        Path file = path.toAbsolutePath();
        Path directory = directoryOf(file);
        if (!Files.isDirectory(directory)) {
            PrivateDirectory.create(directory);
        }
        Path temporary = directory.resolve("." + file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            writeAndSync(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(directory);
        } catch (IOException e) {
            remove(temporary);
            throw StateException.of("write", file, e);
        }
    }

    /**
     * The same, for a file that is read back with a limit.
     *
     * @param maxBytes refuses a longer content
     * @throws StateException if it is longer, too
     */
    public static void write(Path path, byte[] content, int maxBytes) {
        if (content.length > maxBytes) {
            throw new StateException(
                    "its next content has %d bytes (expected: at most %d)".formatted(content.length, maxBytes),
                    path,
                    "remove from this cluster what it needs no more, then try again");
        }
        write(path, content);
    }

    /**
     * Reads the whole file, or nothing if there is none.
     *
     * @param maxBytes refuses a longer file
     * @throws StateException if it is longer or cannot be read
     */
    public static Optional<byte[]> readIfPresent(Path path, int maxBytes) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new StateException(
                        "longer than %d bytes, so not one of ours".formatted(maxBytes),
                        path,
                        "move the file away and look what wrote it");
            }
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StateException.of("read", path, e);
        }
    }

    /** Removes the file durably; absent already is fine. */
    public static void delete(Path path) {
        Path file = path.toAbsolutePath();
        try {
            if (Files.deleteIfExists(file)) {
                syncDirectory(directoryOf(file));
            }
        } catch (IOException e) {
            throw StateException.of("remove", file, e);
        }
    }

    /** Makes names made, renamed or removed in the directory survive a power cut. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    static Path directoryOf(Path file) {
        Path directory = file.getParent();
        if (directory == null) {
            throw new StateException("not a file in a directory", file, "name a file below a directory");
        }
        return directory;
    }

    private static void writeAndSync(Path temporary, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(temporary, options, OWNER_ONLY)) {
            writeAll(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // The failure of the write is what the caller hears of; the next write removes the leftover.
            log.atDebug().addKeyValue("path", temporary).log("temporary file left behind");
        }
    }
}
