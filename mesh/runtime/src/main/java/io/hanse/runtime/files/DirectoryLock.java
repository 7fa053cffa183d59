/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every other process out of a state directory until closed or until this process dies.
 *
 * <p>An advisory lock on {@code .lock}, whose content is the pid of the holder for the message alone.
 */
public final class DirectoryLock implements AutoCloseable {

    /** A pid and a line end, with room to spare. */
    private static final int MAX_PID_BYTES = 32;

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock at once.
     *
     * @throws StateException naming the process that holds it
     */
    public static DirectoryLock acquire(Path directory) {
        Path file = PrivateDirectory.create(directory).resolve(".lock");
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileChannel channel = FileChannel.open(file, options, DurableFile.OWNER_ONLY);
            FileLock lock = tryLock(channel, directory);
            if (lock == null) {
                String holder = holder(channel);
                channel.close();
                throw new StateException(
                        "another process (pid %s) uses this directory".formatted(holder),
                        directory,
                        "stop it first, or give this process another stateDirectory: ps -fp " + holder);
            }
            channel.truncate(0);
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            DurableFile.writeAll(channel, ByteBuffer.wrap(pid));
            return new DirectoryLock(file, channel);
        } catch (IOException e) {
            throw StateException.of("lock", file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw StateException.of("unlock", file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, Path directory) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The channel stays open on purpose: closing it would drop the lock this JVM already holds (POSIX fcntl).
            throw new StateException(
                    "this process (pid %d) uses this directory already"
                            .formatted(ProcessHandle.current().pid()),
                    directory,
                    "give each role a stateDirectory of its own");
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
        return text.isEmpty() ? "unknown" : text;
    }
}
