/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.hanse.ca.keys.CaException;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.files.DurableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file with the authorities' states, replaced whole. Blocking; one writer at a time. */
public final class StateFile {

    /** Sixteen published authorities with RSA-4096 keys are below 200 KiB. */
    private static final int MAX_BYTES = 1 << 20;

    private final Path path;
    private final TrustDomain trustDomain;

    public StateFile(Path path, TrustDomain trustDomain) {
        this.path = path;
        this.trustDomain = trustDomain;
    }

    /** Whether there is a state, readable or not. */
    public boolean exists() {
        return Files.exists(path);
    }

    /**
     * Reads the state, if there is one.
     *
     * @throws CaException if it is damaged, of another version, or of another trust domain
     */
    public Optional<StoredState> read() {
        return DurableFile.readIfPresent(path, MAX_BYTES).map(this::parse);
    }

    /** Replaces the state; when this returns it survives a power cut. */
    public void write(StoredState state) {
        DurableFile.write(path, Json.bytes(state));
    }

    /** The version on disk; 0 if there is none. */
    public long version() {
        return read().map(StoredState::version).orElse(0L);
    }

    /**
     * Goes on with the authorities there are, or with none, under a version higher than {@code newestVersion}.
     *
     * @param kek ID of the key-encryption key, should there be no state
     */
    public void goBeyond(long newestVersion, String kek) {
        StoredState found =
                read().orElseGet(() -> new StoredState(StoredState.FORMAT, trustDomain.name(), 0, kek, List.of()));
        write(new StoredState(
                found.format(),
                found.trustDomain(),
                Math.max(found.version(), newestVersion) + 1,
                found.kek(),
                found.authorities()));
    }

    private StoredState parse(byte[] bytes) {
        StoredState state;
        try {
            state = Json.read(bytes, StoredState.class);
        } catch (JsonProcessingException damaged) {
            throw unusable("it is damaged: " + damaged.getOriginalMessage(), "restore it from a backup");
        }
        if (state.format() != StoredState.FORMAT) {
            throw unusable(
                    "its format is %d (expected: %d)".formatted(state.format(), StoredState.FORMAT),
                    "start the version of Hanse that wrote it");
        }
        if (!state.trustDomain().equals(trustDomain.name())) {
            throw unusable(
                    "it belongs to trust domain %s, the configuration says %s"
                            .formatted(state.trustDomain(), trustDomain),
                    "correct trustDomain in cluster.yaml, or give this trust domain a state directory of its own");
        }
        return state;
    }

    private CaException unusable(String what, String next) {
        return new CaException(
                CaException.Code.STATE, "the authorities' state cannot be used: " + path + ": " + what, next);
    }
}
