/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.ClusterProcess;
import io.hanse.tests.load.ProcFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a process holds, at rest.
 *
 * @param rss resident memory, MiB
 * @param heap heap in use after a full collection, MiB
 * @param descriptors open files and sockets
 * @param threads threads of the kernel
 * @param streams open HTTP/2 streams of HBONE, its own metric
 * @param series time series a scraper gets
 */
record Sample(long rss, long heap, long descriptors, long threads, long streams, long series) {

    private static final long MIB = 1024 * 1024;
    private static final Duration COLLECTION = Duration.ofSeconds(60);

    /** Has the process collect its garbage, then looks. */
    static Sample of(ClusterProcess process) {
        collectGarbage(process.pid());
        List<String> series = process.metrics()
                .lines()
                .filter(Predicate.not(line -> line.startsWith("#")))
                .toList();
        return new Sample(
                Math.round(ProcFacts.residentMegabytes(process.pid())),
                sum(series, line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\"")) / MIB,
                count(Path.of("/proc/%d/fd".formatted(process.pid()))),
                ProcFacts.threads(process.pid()),
                sum(series, line -> line.startsWith("hanse_hbone_streams_open")),
                series.size());
    }

    private static void collectGarbage(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process command = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!command.waitFor(COLLECTION.toSeconds(), TimeUnit.SECONDS) || command.exitValue() != 0) {
                throw new AssertionError("process %d does not collect its garbage".formatted(pid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static long sum(List<String> series, Predicate<String> wanted) {
        return (long) series.stream()
                .filter(wanted)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long count(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets connections that ended, and tunnels without calls, be gone. */
    static void settle() {
        Await.pass(Duration.ofSeconds(6));
    }
}
