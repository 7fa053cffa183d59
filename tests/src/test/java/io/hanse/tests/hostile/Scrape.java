/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process says of itself, and what the kernel says of it. */
final class Scrape {

    private static final int KIB = 1024;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Scrape() {}

    /** The text of {@code /metrics}. */
    static String metrics(Target target) {
        URI uri = URI.create("http://%s:%d/metrics"
                .formatted(
                        target.metrics().getAddress().getHostAddress(),
                        target.metrics().getPort()));
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sum of the lines that begin with a name and hold all these labels. */
    static double sum(String metrics, String name, String... labels) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .filter(line -> java.util.Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Bytes of buffers outside the heap that somebody holds. */
    static long direct(Target target) {
        return (long) sum(metrics(target), "netty_allocator_memory_pinned", "memory_type=\"direct\"");
    }

    /** Bytes of memory that the process really has. */
    static long resident(Target target) throws IOException {
        return status(target, "VmRSS:");
    }

    /** The most it ever had. */
    static long highWater(Target target) throws IOException {
        return status(target, "VmHWM:");
    }

    private static long status(Target target, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + target.process().pid() + "/status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .findFirst()
                .orElseThrow();
    }
}
