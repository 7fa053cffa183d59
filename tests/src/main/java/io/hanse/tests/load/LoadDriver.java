/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures each path in turn, round after round, and prints medians and ratios to the direct path. */
public final class LoadDriver {

    private static final List<Kind> KINDS = List.of(
            new Kind("1 connection", 1, true),
            new Kind("16 connections", 16, true),
            new Kind("64 connections", 64, true),
            new Kind("new connections", 16, false));
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int READY_TRIES = 120;

    private record Kind(String name, int connections, boolean keepAlive) {}

    private record Cell(Kind kind, String path) {}

    private LoadDriver() {}

    /** Arguments: {@code [--dir <folder of demo --keep>] [--rounds 3] [--seconds 2] [-o json]}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> options = new LinkedHashMap<>(Map.of("--rounds", "3", "--seconds", "2", "-o", "table"));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        String dir = options.get("--dir");
        Path folder = dir == null ? Files.createTempDirectory("hanse-load-") : Path.of(dir);
        Process demo = dir == null ? Clusters.start(Path.of(System.getProperty("hanse.lib", "")), folder) : null;
        try (Clusters clusters = Clusters.join(folder);
                Callers callers = new Callers()) {
            Map<Cell, Figures> figures = measure(
                    callers,
                    clusters.paths(),
                    Integer.parseInt(options.getOrDefault("--rounds", "3")),
                    Duration.ofSeconds(Long.parseLong(options.getOrDefault("--seconds", "2"))));
            if ("json".equals(options.get("-o"))) {
                System.out.println(json(figures));
            } else {
                table(figures, System.out);
            }
        } finally {
            if (demo != null) {
                demo.destroy();
                demo.waitFor();
            }
        }
    }

    private static Map<Cell, Figures> measure(
            Callers callers, Map<String, InetSocketAddress> paths, int rounds, Duration time)
            throws InterruptedException, IOException {
        for (Map.Entry<String, InetSocketAddress> path : paths.entrySet()) {
            awaitAnswer(callers, path.getKey(), path.getValue());
            callers.measure(path.getValue(), 16, true, WARM_UP);
            callers.measure(path.getValue(), 16, false, WARM_UP);
        }
        Map<Cell, List<Figures>> all = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Kind kind : KINDS) {
                for (Map.Entry<String, InetSocketAddress> path : paths.entrySet()) {
                    all.computeIfAbsent(new Cell(kind, path.getKey()), cell -> new ArrayList<>())
                            .add(callers.measure(path.getValue(), kind.connections(), kind.keepAlive(), time));
                }
            }
        }
        Map<Cell, Figures> medians = new LinkedHashMap<>();
        all.forEach((cell, each) -> medians.put(cell, Figures.median(each)));
        return medians;
    }

    private static void awaitAnswer(Callers callers, String name, InetSocketAddress target)
            throws InterruptedException, IOException {
        for (int i = 0; i < READY_TRIES; i++) {
            if (callers.measure(target, 1, true, Duration.ofMillis(500)).perSecond() > 0) {
                return;
            }
        }
        throw new IOException("nobody answers on the path '%s' at %s".formatted(name, target));
    }

    private static void table(Map<Cell, Figures> figures, PrintStream out) {
        out.printf(
                "%-16s %-12s %10s %10s %10s %8s %11s %9s%n",
                "LOAD", "PATH", "PER SECOND", "P50 us", "P99 us", "FAILED", "PER SECOND:", "P50:");
        figures.forEach((cell, figure) -> {
            Figures direct = figures.getOrDefault(new Cell(cell.kind(), "direct"), figure);
            out.printf(
                    Locale.ROOT,
                    "%-16s %-12s %10.0f %10.0f %10.0f %8d %10.2fx %8.2fx%n",
                    cell.kind().name(),
                    cell.path(),
                    figure.perSecond(),
                    figure.p50(),
                    figure.p99(),
                    figure.failed(),
                    figure.perSecond() / direct.perSecond(),
                    figure.p50() / direct.p50());
        });
        out.println("Ratios are to the direct path. Driver, backend and all processes share this machine's cores.");
    }

    private static String json(Map<Cell, Figures> figures) {
        ObjectNode document = new ObjectMapper().createObjectNode().put("version", 1);
        ArrayNode cells = document.putArray("measurements");
        figures.forEach((cell, figure) -> {
            Figures direct = figures.getOrDefault(new Cell(cell.kind(), "direct"), figure);
            cells.addObject()
                    .put("path", cell.path())
                    .put("connections", cell.kind().connections())
                    .put("keepAlive", cell.kind().keepAlive())
                    .put("perSecond", figure.perSecond())
                    .put("p50Micros", figure.p50())
                    .put("p99Micros", figure.p99())
                    .put("failed", figure.failed())
                    .put("perSecondToDirect", figure.perSecond() / direct.perSecond())
                    .put("p50ToDirect", figure.p50() / direct.p50());
        });
        return document.toPrettyString();
    }
}
