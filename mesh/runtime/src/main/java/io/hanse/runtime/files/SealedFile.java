/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A {@link DurableFile} that begins with the SHA-256 of the rest: what a disk changed or somebody cut short is not taken for
 * what was written. For kept images, where a lost field could allow more than was meant. Proves nothing against whoever may
 * write the file. Blocking.
 */
public final class SealedFile {

    private static final int DIGEST_BYTES = 32;

    private SealedFile() {}

    /**
     * Replaces the content durably.
     *
     * @throws StateException as {@link DurableFile#write}
     */
    public static void write(Path path, byte[] content) {
        byte[] sealed = Arrays.copyOf(digest(content), DIGEST_BYTES + content.length);
        System.arraycopy(content, 0, sealed, DIGEST_BYTES, content.length);
        DurableFile.write(path, sealed);
    }

    /**
     * Reads the content, or nothing if there is no file.
     *
     * @param maxBytes refuses a longer content
     * @throws StateException if it cannot be read, is longer, or is not what was written
     */
    public static Optional<byte[]> readIfPresent(Path path, int maxBytes) {
        return DurableFile.readIfPresent(path, maxBytes + DIGEST_BYTES).map(held -> {
            byte[] content = Arrays.copyOfRange(held, Math.min(DIGEST_BYTES, held.length), held.length);
            if (!Arrays.equals(digest(content), Arrays.copyOf(held, DIGEST_BYTES))) {
                throw new StateException(
                        "not what was written: the SHA-256 at its beginning does not fit",
                        path,
                        "look after the disk; what the file held is asked for again");
            }
            return content;
        });
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }
}
