/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures each way in turn, kind after kind, round after round, and prints medians and ratios. */
public final class LoadDriver {

    private static final int FIRST_ANSWER_TRIES = 120;
    private static final Duration GLANCE = Duration.ofMillis(300);

    private static final int USAGE_STATUS = 64;
    private static final int FAILED_STATUS = 1;

    private final Options options;
    private final Callers callers;

    private LoadDriver(Options options, Callers callers) {
        this.options = options;
        this.callers = callers;
    }

    /** Arguments as in {@link Options#USAGE}. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Options options = Options.parse(arguments);
            Measured measured = run(options, new Product(Path.of(System.getProperty("hanse.lib", "lib"))));
            System.out.print(options.json() ? Report.json(measured) : Report.table(measured));
        } catch (IllegalArgumentException e) {
            System.err.println("load: " + e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(USAGE_STATUS);
        } catch (IOException e) {
            System.err.println("load: " + e.getMessage());
            System.exit(FAILED_STATUS);
        }
    }

    /** Makes the clusters, measures, and ends them. */
    static Measured run(Options options, Product product) throws IOException, InterruptedException {
        Path folder = options.folder().isPresent()
                ? Files.createDirectories(options.folder().get())
                : Files.createTempDirectory("hanse-load-");
        try (Clusters clusters = Clusters.start(product, folder);
                Callers callers = new Callers(options.rate())) {
            LoadDriver driver = new LoadDriver(options, callers);
            Optional<Path> haproxy = options.wants("haproxy") ? HaproxyPair.installed() : Optional.empty();
            if (haproxy.isEmpty()) {
                if (options.wants("haproxy")) {
                    System.err.println("load: " + HaproxyPair.advice());
                }
                return driver.measure(clusters, List.of());
            }
            try (HaproxyPair pair = HaproxyPair.start(
                    haproxy.get(), folder.resolve("haproxy"), clusters.direct().target())) {
                return driver.measure(clusters, List.of(pair.way()));
            }
        }
    }

    private Measured measure(Clusters clusters, List<Way> yardsticks) throws IOException, InterruptedException {
        List<Way> ways = new ArrayList<>(List.of(clusters.direct(), clusters.oneCluster(), clusters.across()));
        ways.addAll(yardsticks);
        ways.removeIf(way -> !options.wants(way.name()));
        for (Way way : ways) {
            awaitAnswer(way);
        }
        Footprints footprints = new Footprints(clusters, yardsticks);
        for (Way way : ways) {
            for (Kind kind : options.kinds()) {
                callers.measure(
                        kind, way, options.warmUp().dividedBy(options.kinds().size()));
            }
        }
        Map<Measured.Cell, Figures> medians = rounds(ways);
        footprints.loaded();
        if (options.idle() > 0) {
            for (Way way : ways) {
                footprints.idleConnections(callers, way, options.idle());
            }
        }
        for (int i = 0; i < options.starts(); i++) {
            footprints.restartAll();
        }
        return new Measured(medians, footprints.facts());
    }

    private Map<Measured.Cell, Figures> rounds(List<Way> ways) throws InterruptedException {
        Map<Measured.Cell, List<Figures>> all = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Kind kind : options.kinds()) {
                for (Way way : ways) {
                    all.computeIfAbsent(new Measured.Cell(kind, way.name()), cell -> new ArrayList<>())
                            .add(callers.measure(kind, way, options.time()));
                }
            }
        }
        Map<Measured.Cell, Figures> medians = new LinkedHashMap<>();
        all.forEach((cell, each) -> medians.put(cell, Figures.median(each)));
        return medians;
    }

    private void awaitAnswer(Way way) throws InterruptedException, IOException {
        for (int i = 0; i < FIRST_ANSWER_TRIES; i++) {
            if (callers.answers(way, GLANCE)) {
                return;
            }
        }
        throw new IOException("nobody answers on the way '%s' at %s".formatted(way.name(), way.target()));
    }
}
