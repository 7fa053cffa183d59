/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.show.Screen;
import io.hanse.cli.time.Pace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** A terminal that is none: runs commands in a folder at a fixed time and keeps what they write. */
final class Terminal {

    static final Instant NOW = Instant.parse("2026-11-23T14:17:00Z");

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String in = "";

    Terminal(Path folder) {
        this.folder = folder;
    }

    Terminal with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Terminal typing(String text) {
        in = text;
        return this;
    }

    Surroundings surroundings() {
        return new Surroundings(
                new Screen(print(out), print(err), false, false),
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                environment,
                folder,
                new Pace(InstantSource.fixed(NOW)),
                ZoneOffset.UTC);
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        return new CommandTree(surroundings()).run(arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
