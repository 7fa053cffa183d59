/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running process of the product, as its run file tells.
 *
 * @param name what the report calls it
 * @param pid its process id
 * @param metrics where it says whether it is ready, {@code host:port}
 */
record Member(String name, long pid, String metrics) {

    private static final long POLL_MILLIS = 5;
    private static final int OK = 200;
    private static final int ANSWER_MILLIS = 2_000;
    private static final long END_SECONDS = 30;

    /** The process that writes {@code runFile}; waits for the file. */
    static Member of(String name, Path runFile, Duration deadline) throws IOException, InterruptedException {
        for (long waited = 0; !Files.exists(runFile); waited += POLL_MILLIS) {
            if (waited > deadline.toMillis()) {
                throw new IOException(
                        "%s did not start: %s is not there; see the logs beside it".formatted(name, runFile));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        JsonNode facts = new ObjectMapper().readTree(runFile.toFile());
        return new Member(
                name, facts.path("pid").asLong(), facts.path("metrics").asText());
    }

    /** Starts a process that ends with this one, its output appended to {@code log}. */
    static Process launch(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Polls its readiness. */
    void awaitReady(Duration deadline) throws IOException, InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > until) {
                throw new IOException("%s (pid %d) is not ready after %s".formatted(name, pid, deadline));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isReady() {
        try {
            HttpURLConnection asked = (HttpURLConnection)
                    URI.create("http://" + metrics + "/healthz/ready").toURL().openConnection();
            asked.setConnectTimeout(ANSWER_MILLIS);
            asked.setReadTimeout(ANSWER_MILLIS);
            return asked.getResponseCode() == OK;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }

    /**
     * Ends it in order and starts it again with the command it was started by, on the state that it left.
     *
     * @param started takes the new process
     * @return seconds from the start of the process until it said it was ready
     */
    double restart(Path log, java.util.function.Consumer<Process> started) throws IOException, InterruptedException {
        List<String> command = ProcFacts.commandLine(pid);
        ProcessHandle handle = ProcessHandle.of(pid).orElseThrow(() -> new IOException(name + " has ended"));
        handle.destroy();
        for (long left = TimeUnit.SECONDS.toMillis(END_SECONDS); handle.isAlive(); left -= POLL_MILLIS) {
            if (left <= 0) {
                handle.destroyForcibly();
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        long began = System.nanoTime();
        started.accept(launch(command, log));
        awaitReady(Duration.ofNanos(TimeUnit.SECONDS.toNanos(2 * END_SECONDS)));
        return (System.nanoTime() - began) / 1e9;
    }
}
