/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few KiB under a directory, that a test fills up or makes read-only. Needs root and mount(8). */
public final class TinyDisk implements AutoCloseable {

    private static final long MOUNT_SECONDS = 30;
    private static final int BLOCK = 4_096;

    private final Path at;
    private int mounts = 1;

    private TinyDisk(Path at) {
        this.at = at;
    }

    /** Mounts it over a directory, or skips the test saying what is missing. */
    public static TinyDisk mount(Path at, int kib) throws IOException {
        Files.createDirectories(at);
        String said;
        try {
            said = run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + kib + "k", "tmpfs", at.toString());
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
        }
        if (!said.isEmpty()) {
            Assumptions.abort("SKIPPED, nothing was proved about full and read-only disks: this needs root and mount(8)"
                    + " to mount a tmpfs; mount said: " + said);
        }
        return new TinyDisk(at);
    }

    /** Writes until not one block fits any more. */
    public void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** Makes room again. */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    /** Remounts it; nothing may be open for writing. */
    public void makeReadOnly() throws IOException {
        must("mount", "-o", "remount,ro", at.toString());
    }

    /** Remounts it. */
    public void makeWritable() throws IOException {
        must("mount", "-o", "remount,rw", at.toString());
    }

    /** Lets every path below it be read-only from now on; files that are open already stay as they are. */
    public void coverReadOnly() throws IOException {
        must("mount", "--bind", at.toString(), at.toString());
        mounts++;
        must("mount", "-o", "remount,bind,ro", at.toString());
    }

    /** Undoes {@link #coverReadOnly}. */
    public void uncover() throws IOException {
        must("umount", at.toString());
        mounts--;
    }

    @Override
    public void close() throws IOException {
        for (; mounts > 0; mounts--) {
            must("umount", "--lazy", at.toString());
        }
    }

    private Path filler() {
        return at.resolve("filler");
    }

    private static void must(String... command) throws IOException {
        String said = run(command);
        if (!said.isEmpty()) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** Empty if it did what it was told. */
    private static String run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(MOUNT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "no end within %d s".formatted(MOUNT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        return process.exitValue() == 0 ? "" : said + " (exit " + process.exitValue() + ")";
    }
}
