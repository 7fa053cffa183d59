/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What happened, line by line. Keys and invitations have random names; here they are numbered as they appear. */
final class Transcript {

    private final Supplier<Duration> clock;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Transcript(Supplier<Duration> clock) {
        this.clock = clock;
    }

    void say(String who, String what) {
        Duration at = clock.get();
        lines.add(
                "%02d:%02d.%03d %-15s %s".formatted(at.toMinutes(), at.toSecondsPart(), at.toMillisPart(), who, what));
    }

    /** A short name for something random, the same one each time. */
    String name(String kind, String random) {
        return names.computeIfAbsent(kind + random, fresh -> kind + counts.merge(kind, 1, Integer::sum));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    String text() {
        return String.join("\n", lines);
    }

    /** Names this very course of events. */
    String digest() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
