/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hanse.cli.run.Child;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The demo ended from outside, by each signal, while much is half done: nothing runs on, nothing stays in the folder of
 * temporary files, and a person sees no stack trace. {@code -Dhanse.ended=everywhere} takes later moments too, minutes more.
 */
final class EndedDemoTest {

    /** What a person sees at the moment of the signal; the first is there seconds after the start. */
    private static final String STARTING = "processes start";

    private static final int HUP = 1;
    private static final int INT = 2;

    @TempDir
    private Path work;

    static Stream<Arguments> ends() {
        List<Arguments> ends = new ArrayList<>(List.of(
                Arguments.of(STARTING, List.of("INT"), 130),
                Arguments.of(STARTING, List.of("INT", "INT"), 130),
                Arguments.of(STARTING, List.of("TERM"), 143),
                Arguments.of(STARTING, List.of("HUP"), 129),
                Arguments.of(STARTING, List.of("KILL"), 137)));
        if ("everywhere".equals(System.getProperty("hanse.ended"))) {
            for (String moment : List.of("connect", "policy", "failover", "rotate", "--keep")) {
                ends.add(Arguments.of(moment, List.of("INT"), 130));
                ends.add(Arguments.of(moment, List.of("KILL"), 137));
            }
        }
        return ends.stream();
    }

    @ParameterizedTest(name = "{1} when: {0}")
    @MethodSource("ends")
    void leavesNothingBehind(String moment, List<String> signals, int status) throws Exception {
        assumeFalse(
                signals.contains("HUP") && ignores(HUP) || signals.contains("INT") && ignores(INT),
                "%s is ignored here (nohup, or a shell's &), and what is started inherits that: run it from a terminal or CI"
                        .formatted(signals.getFirst()));
        Path temporary = Files.createDirectory(work.resolve("tmp"));
        Path output = work.resolve("out");
        Child demo = Installed.start(output, List.of("-Djava.io.tmpdir=" + temporary), "demo", "--keep");
        try {
            Await.until(moment, Installed.PATIENCE, () -> isThere(moment, temporary, output) || !demo.isAlive());
            assertThat(demo.isAlive()).as(Files.readString(output)).isTrue();
            for (String signal : signals) {
                send(signal, demo.pid());
            }
            assertThat(demo.awaitEnd(Await.PATIENCE)).as("the demo ends").isTrue();
            assertThat(demo.exitValue()).isEqualTo(status);
        } finally {
            demo.kill();
        }
        Await.until("no process of the demo is left", () -> running(temporary).isEmpty());
        Await.until("no file is left in " + temporary, () -> isEmpty(temporary));
        assertThat(Files.readString(output))
                .doesNotContain("Exception", "\tat ", "did not hold", "this is a bug")
                .satisfies(text -> assertThat(status == 137 || text.contains("Ending what the demo started."))
                        .isTrue());
    }

    /** A bit of SigIgn, proc_pid_status(5). */
    private static boolean ignores(int signal) {
        return text(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).trim(), 16))
                .anyMatch(ignored -> (ignored >> (signal - 1) & 1) == 1);
    }

    private static boolean isThere(String moment, Path temporary, Path output) {
        return switch (moment) {
            case STARTING -> running(temporary).stream().anyMatch(line -> line.contains("--config"));
            case "--keep" -> text(output).contains("demo.json");
            default -> text(output).matches("(?s).*\\d  " + moment + " .*");
        };
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Beside the command itself, which names the folder too. */
    private static List<String> running(Path temporary) {
        return Product.processesOf(temporary).stream()
                .filter(line -> !line.contains("io.hanse.cli.Main"))
                .toList();
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
