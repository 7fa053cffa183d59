/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The product as its user has it: the command connect-clusters from {@code lib}, run as processes that end with this one.
 *
 * @param lib the folder of its jars
 */
record Product(Path lib) {

    private static final long COMMAND_SECONDS = 120;

    /** Runs a command to its end and returns what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("hanse-load-", ".out");
        try {
            Process process = new ProcessBuilder(command(arguments))
                    .redirectOutput(output.toFile())
                    .redirectError(output.toFile())
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroy();
                throw new IOException("connect-clusters %s failed:\n%s"
                        .formatted(String.join(" ", arguments), Files.readString(output)));
            }
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }

    /** Starts a command that stays; it ends when its standard input does. */
    Process start(Path output, String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dhanse.lib=" + lib,
                "-cp",
                lib + File.separator + "*",
                "io.hanse.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The Java this driver runs on. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
