/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A child JVM that runs {@link TestMain}; what it says is read line by line. */
final class Child implements AutoCloseable {

    /** How long anything may take on a busy machine. */
    static final long DEADLINE_SECONDS = 60;

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();

    private Child(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    static Child start(String... arguments) throws IOException {
        return new Child(builder(arguments).start());
    }

    static ProcessBuilder builder(String... arguments) {
        List<String> command = command(TestMain.class);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** A JVM like this one for a Main; its arguments follow. */
    static List<String> command(Class<?> main) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    }

    /** Waits for a line that holds the text. */
    String await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no line with '%s' in:%n%s".formatted(text, String.join("\n", said)));
            }
            said.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("the child ends")
                .isTrue();
        return process.exitValue();
    }

    /** Everything said so far, and what is left of a child that has ended. */
    String said() throws InterruptedException {
        exitCode();
        await(END);
        return String.join("\n", said);
    }

    long pid() {
        return process.pid();
    }

    void terminate() {
        // Not process.destroy(), which closes the pipe that the last words come through.
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static final String END = "-- end of output --";

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(END);
        }
    }
}
