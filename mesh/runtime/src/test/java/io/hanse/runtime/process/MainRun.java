/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Main in a JVM of its own, expected to end by itself. */
public final class MainRun {

    private MainRun() {}

    /** How it ended. */
    public record Ended(int exitCode, String said) {

        /** It could not use its state, and said where, why and what comes next, without a stack trace. */
        public void requireStateRefused(String where, String why, String next) {
            assertThat(exitCode).as(said).isEqualTo(ExitCode.STATE.number());
            assertThat(said).contains(where, why, "next: " + next).doesNotContain("\tat ");
        }
    }

    /** Runs it to its end; one that does not end is killed and fails the test. */
    public static Ended of(Class<?> main, Path config) throws IOException, InterruptedException {
        List<String> command = Child.command(main);
        command.addAll(List.of("--config", config.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            Thread watch = Thread.ofVirtual().start(() -> killLate(process));
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            watch.interrupt();
            return new Ended(code, said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void killLate(Process process) {
        try {
            process.waitFor(Child.DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            return;
        }
        process.destroyForcibly();
    }
}
