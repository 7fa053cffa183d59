/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A process this command started. It ends at the latest when this command does. Any thread. */
public final class Child {

    private static final int SHOWN_LINES = 8;

    /** Enough for them, however long the log. */
    private static final int TAIL_BYTES = 8192;

    /**
     * Tells a process of the product whom to end with. It could look for its parent itself, but not if the parent has
     * ended before it looks: a JVM that is slow to start would run on for good.
     */
    private static final String PARENT = "HANSE_PARENT_PID";

    /** A line of the log begins with the time. */
    private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT");

    private static final String STACK_FRAME = "\t";

    private final String name;
    private final Process process;
    private final Path log;

    /** The bytes of the log that others wrote before it. */
    private final long began;

    private Child(String name, Process process, Path log, long began) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.began = began;
    }

    /**
     * Starts {@code command} with its output appended to {@code log}. Its standard input is a pipe from this process
     * that nobody writes to: it ends when this process ends, however that happens, and the child ends with it.
     */
    public static Child start(String name, List<String> command, Path folder, Path log) {
        try {
            Path logs = log.toAbsolutePath().resolveSibling("");
            if (!Files.isDirectory(logs)) {
                Files.createDirectories(
                        logs, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // glibc gives each thread an arena of its own and keeps what is freed there; a JVM needs few.
            builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
            builder.environment()
                    .put(PARENT, Long.toString(ProcessHandle.current().pid()));
            long began = Files.exists(log) ? Files.size(log) : 0;
            return new Child(name, builder.start(), log, began);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "%s could not be started: %s".formatted(name, e.getMessage()),
                    "The command was: " + String.join(" ", command),
                    "check that the folder %s can be written and that Java is where it was".formatted(log.getParent()));
        }
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status; only when it has ended. */
    public int exitValue() {
        return process.exitValue();
    }

    /** Completes when it has ended. */
    public CompletableFuture<Child> onExit() {
        return process.onExit().thenApply(ended -> this);
    }

    /** Asks it to end: it drains. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits until it has ended and says whether it did so in time; then, if not, ends it at once. */
    public boolean awaitEnd(Duration deadline) {
        boolean ended = false;
        try {
            ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    /**
     * What it said last, for a person who must find out why it ended: the sentences after its log lines if there are
     * any, because a process that gives up says why in plain words. Of another process that wrote there before, nothing.
     */
    public String lastLines() {
        try {
            List<String> last = tail();
            List<String> sentences = last.reversed().stream()
                    .takeWhile(line -> !LOG_LINE.matcher(line).lookingAt() && !line.startsWith(STACK_FRAME))
                    .filter(line -> !line.endsWith(" has ended"))
                    .toList()
                    .reversed();
            return String.join("\n", sentences.isEmpty() ? last : sentences);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    private List<String> tail() throws IOException {
        try (FileChannel file = FileChannel.open(log)) {
            file.position(Math.max(began, file.size() - TAIL_BYTES));
            List<String> lines = new BufferedReader(Channels.newReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
        }
    }
}
