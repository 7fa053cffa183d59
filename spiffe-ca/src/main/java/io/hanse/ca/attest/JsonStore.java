/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.ca.keys.CaException;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.files.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** A record in a file of its own, replaced whole, with a version that only grows. One writer at a time, ordered by it. */
final class JsonStore<T extends Record> {

    /** Two thousand tokens with IDs of usual length are below 1 MiB; the JSON reader takes no more. */
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Class<T> type;
    private final LongConsumer durable;
    private long version;

    /** @param durable told each version that is on disk */
    JsonStore(Path file, Class<T> type, LongConsumer durable) {
        this.file = file;
        this.type = type;
        this.durable = durable;
    }

    /** The version on disk; 0 if there is none. */
    long version() {
        return version;
    }

    /** Lets the next version be higher than {@code number}. */
    void goBeyond(long number) {
        version = Math.max(version, number);
    }

    Optional<T> read() {
        return DurableFile.readIfPresent(file, MAX_BYTES).map(bytes -> {
            try {
                version = Json.mapper().readTree(bytes).path("version").asLong();
                return Json.read(bytes, type);
            } catch (IOException damaged) {
                throw damaged(damaged);
            }
        });
    }

    /** Writes what {@code content} makes of the next version. */
    void write(LongFunction<T> content) {
        byte[] bytes = Json.bytes(content.apply(version + 1));
        if (bytes.length > MAX_BYTES) {
            throw new CaException(
                    CaException.Code.STATE,
                    "the file would grow too long: " + file,
                    "remove entries that are not needed");
        }
        DurableFile.write(file, bytes);
        version++;
        durable.accept(version);
    }

    private CaException damaged(IOException cause) {
        return new CaException(
                CaException.Code.STATE,
                "the file is damaged: " + file,
                "restore the state directory from a backup",
                cause);
    }
}
