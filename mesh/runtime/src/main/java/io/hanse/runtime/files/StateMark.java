/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest versions that a process's state ever had, kept outside its state directory, so that yesterday's state put back
 * over today's is noticed at the next start.
 *
 * <p>Versions only grow. The state is written first and its mark after it: a crash in between leaves the state ahead of its
 * mark, which is no fault. A mark that cannot be written is logged, and written with the next change: the change itself is
 * durable and stands. What this cannot notice: state and marks put back together.
 *
 * <p>Any thread; blocking.
 */
public final class StateMark {

    /** A handful of numbers. */
    private static final int MAX_BYTES = 4_096;

    /** First line of the file; after it one line for each part: its name, a blank, its version. */
    private static final String HEAD = "hanse-mark 1";

    /** Hex digits that an operator copies; they bind a consent to what it was given for. */
    private static final int TOKEN_CHARACTERS = 16;

    private static final Logger log = LoggerFactory.getLogger(StateMark.class);

    private final Path file;
    private final Path consent;
    private final SortedMap<String, Long> versions;
    private final boolean first;

    private StateMark(Path file, Path consent, Optional<SortedMap<String, Long>> stored) {
        this.file = file;
        this.consent = consent;
        this.versions = stored.orElseGet(TreeMap::new);
        this.first = stored.isEmpty();
    }

    /** How the state found at the start stands to its mark. */
    public enum Standing {
        /** As new as the mark, or newer. */
        LEVEL,
        /** Older, and the operator has said to go on with it. The caller brings every version beyond the mark. */
        OLDER_ACCEPTED
    }

    /**
     * Reads the mark of an instance, if there is one.
     *
     * @param directory outside the state directory
     * @throws StateException if the file is damaged
     */
    public static StateMark open(Path directory, String instance) {
        Path file = directory.toAbsolutePath().resolve(instance + ".mark");
        return new StateMark(
                file,
                file.resolveSibling(instance + ".accept-older"),
                DurableFile.readIfPresent(file, MAX_BYTES).map(content -> parse(file, content)));
    }

    /** The newest version of this part of the state; 0 if none is known. */
    public synchronized long of(String part) {
        return versions.getOrDefault(part, 0L);
    }

    /** Notes a version that is durable now; a lower one than known changes nothing. Never throws for the disk. */
    public synchronized void raise(String part, long version) {
        raise(Map.of(part, version));
    }

    /** Notes several in one write. */
    public synchronized void raise(Map<String, Long> durable) {
        if (durable.entrySet().stream().allMatch(entry -> entry.getValue() <= of(entry.getKey()))) {
            return;
        }
        durable.forEach((part, version) -> versions.merge(part, version, Math::max));
        try {
            DurableFile.write(file, format());
        } catch (StateException e) {
            log.atWarn()
                    .addKeyValue("path", file)
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("next", e.next())
                    .log("the mark of the state was not written; until it is, older state put back is not noticed");
        }
    }

    /**
     * Judges the state found at the start, and notes it if it is level.
     *
     * @param state the state directory, for the message
     * @param found the version of each part; 0 for a part that is not there
     * @param loss what goes with the older state, a sentence for the operator
     * @throws StateException if it is older and nobody has accepted that
     */
    public synchronized Standing judge(Path state, SortedMap<String, Long> found, String loss) {
        List<String> older = new ArrayList<>();
        found.forEach((part, version) -> {
            if (version < of(part)) {
                older.add("%s %s, was %d".formatted(part, version == 0 ? "missing" : version.toString(), of(part)));
            }
        });
        if (older.isEmpty()) {
            if (first && found.values().stream().anyMatch(version -> version > 0)) {
                log.atWarn()
                        .addKeyValue("path", file)
                        .log(
                                "there was no mark of this state: whether it is the newest cannot be told; it is taken as it is");
            }
            settled();
            raise(found);
            return Standing.LEVEL;
        }
        String token = token(found);
        if (!consentIs(token)) {
            throw new StateException(
                    "older than the state this process had before (%s); usually a backup was restored over newer state, or another disk is mounted"
                            .formatted(String.join("; ", older)),
                    state,
                    "put the newest state back; or go on with this one: echo %s > %s, and start again. Then %s"
                            .formatted(token, consent, loss));
        }
        log.atWarn()
                .addKeyValue("path", state)
                .addKeyValue("parts", String.join("; ", older))
                .log("older state is accepted, as the operator said");
        return Standing.OLDER_ACCEPTED;
    }

    /** Every version is beyond the mark now: the operator's consent is used up. It fits no other state, should it stay. */
    public synchronized void settled() {
        try {
            // A read-only directory refuses to remove even what is not there.
            if (Files.exists(consent)) {
                DurableFile.delete(consent);
            }
        } catch (StateException e) {
            log.atWarn().addKeyValue("path", consent).log("a used consent to older state was not removed");
        }
    }

    private boolean consentIs(String token) {
        return DurableFile.readIfPresent(consent, MAX_BYTES)
                .map(content -> new String(content, StandardCharsets.UTF_8).strip())
                .filter(token::equals)
                .isPresent();
    }

    private String token(SortedMap<String, Long> found) {
        try {
            byte[] bound = "%s %s".formatted(found, versions).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bound))
                    .substring(0, TOKEN_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java runtime", e);
        }
    }

    private byte[] format() {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        versions.forEach(
                (part, version) -> text.append(part).append(' ').append(version).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static SortedMap<String, Long> parse(Path file, byte[] content) {
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
            throw damaged(file);
        }
        SortedMap<String, Long> versions = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int blank = line.lastIndexOf(' ');
            try {
                versions.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw damaged(file);
            }
        }
        return versions;
    }

    private static StateException damaged(Path file) {
        return new StateException(
                "not a mark of this version of Hanse",
                file,
                "put it back from where it was; or, if the state is known to be the newest: rm " + file);
    }
}
