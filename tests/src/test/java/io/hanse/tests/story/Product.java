/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The installed product, as a person has it: a lib folder and a command. */
final class Product {

    /** A demo takes one minute; three times that on a machine that does other work too. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(200);

    private Product() {}

    /** How a command ended. */
    record Ended(int status, String output) {}

    /** Starts {@code connect-clusters} with these arguments; what it prints goes to a file. */
    static Process start(Path output, String... arguments) throws IOException {
        Path lib = lib();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dhanse.lib=" + lib,
                "-cp",
                lib + "/*",
                "io.hanse.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Runs a command to its end. */
    static Ended run(Path output, String... arguments) throws IOException, InterruptedException {
        Process process = start(output, arguments);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("connect-clusters %s ends; it printed: %s", List.of(arguments), Files.readString(output))
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Waits until something holds, and fails with what was expected if it does not. */
    static void await(String expectation, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(expectation).isLessThan(deadline);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Command lines of all processes that name a folder. */
    static List<String> processesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .map(process -> process.pid() + " " + commandLine(process.pid()))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    /** Whether a process runs; a zombie does not. */
    static boolean runs(long pid) {
        return !commandLine(pid).isEmpty();
    }

    /** Sockets and other things in a folder that are neither file nor folder. */
    static List<Path> socketsIn(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(".sock")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has ended meanwhile
        }
    }

    private static Path lib() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path lib = folder.resolve("deploy/distribution/target/hanse/lib");
            if (Files.isDirectory(lib)) {
                return lib;
            }
        }
        throw new AssertionError("the product is not built: deploy/distribution/target/hanse/lib is missing."
                + " Next: mvn -B -ntp -DskipTests package, in the folder of the checkout");
    }
}
