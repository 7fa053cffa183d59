/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs the corpus with the limits of the product and prints how each attack ended and how slow the canary beside it was;
 * see tests/README.md. Words choose the attacks whose names hold one of them. Exit status 1 if an attack did not end as it must, or a call of a canary was lost.
 */
final class HostileTable {

    /** How long the canaries are watched in peace before. */
    private static final Duration PEACE = Duration.ofSeconds(5);

    /** The idle time of the product is ten minutes, a sign of life has twenty seconds; nobody wants to wait for that. */
    private static final String SETTINGS = "limits:\n  idle: 20s\n  keepalive: 5s\n";

    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private final PrintStream out;
    private final Siege siege;
    private final List<String> words;

    private HostileTable(PrintStream out, Siege siege, List<String> words) {
        this.out = out;
        this.siege = siege;
        this.words = words;
    }

    private List<Attack> chosen(List<Attack> all) {
        return all.stream()
                .filter(each -> words.isEmpty() || words.stream().anyMatch(each.name()::contains))
                .toList();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Path folder = Files.createTempDirectory("hanse-hostile");
        boolean good = true;
        Siege siege = new Siege(folder, SETTINGS);
        try {
            for (Target target : siege.fort.targets()) {
                good &= new HostileTable(out, siege, List.of(arguments)).table(target);
            }
        } finally {
            siege.close();
            delete(folder);
        }
        System.exit(good ? 0 : 1);
    }

    private boolean table(Target target) throws Exception {
        Canary canary = siege.canary(target);
        LockSupport.parkNanos(PEACE.toNanos());
        canary.mark();
        LockSupport.parkNanos(PEACE.toNanos());
        double peace = millis(canary.slowest());
        out.printf(Locale.ROOT, "%n%s, canary in peace: slowest answer %.1f ms%n", target, peace);
        out.printf(
                Locale.ROOT,
                "%-52s %-34s %-34s %9s %9s %9s%n",
                "attack",
                "rule or limit",
                "ended with",
                "after ms",
                "canary ms",
                "more ms");
        List<Siege.Result> results = new ArrayList<>();
        for (Attack attack : chosen(Corpus.quick())) {
            results.add(print(siege.byPeer(attack, target), peace));
        }
        // Those who wait do so together; whoever costs something has the port alone.
        List<Thread> waiting = new ArrayList<>();
        for (Attack attack : chosen(SlowOnes.silent())) {
            waiting.add(Thread.ofVirtual().start(() -> {
                Siege.Result result = siege.byPeer(attack, target);
                synchronized (results) {
                    results.add(print(result, peace));
                }
            }));
        }
        for (Thread each : waiting) {
            each.join();
        }
        for (Attack attack : chosen(SlowOnes.deaf())) {
            results.add(print(siege.byPeer(attack, target), peace));
        }
        double worst = results.stream()
                .mapToDouble(result -> millis(result.canary()))
                .max()
                .orElse(0);
        List<Siege.Result> wrong =
                results.stream().filter(result -> !result.asExpected()).toList();
        out.printf(
                Locale.ROOT,
                "%s: %d attacks, %d not as expected, %d canary calls, %d lost, slowest %.1f ms (%.1f ms more), memory %d MiB at most%n",
                target,
                results.size(),
                wrong.size(),
                canary.calls(),
                canary.failures().size(),
                worst,
                worst - peace,
                Scrape.highWater(target) >> 20);
        wrong.forEach(each -> out.printf(
                Locale.ROOT,
                "  WRONG %s: %s (expected: %s)%n",
                each.attack(),
                each.heard(),
                each.attack().expectedFrom(target)));
        Scrape.metrics(target)
                .lines()
                .filter(line -> line.startsWith("hanse_hbone_limits_total"))
                .forEach(line -> out.printf(Locale.ROOT, "  %s%n", line));
        List<String> open = siege.leftOpen();
        open.forEach(each -> out.printf(Locale.ROOT, "  WRONG %s%n", each));
        return wrong.isEmpty() && open.isEmpty() && canary.failures().isEmpty();
    }

    private Siege.Result print(Siege.Result result, double peace) {
        double canary = millis(result.canary());
        out.printf(
                Locale.ROOT,
                "%-52s %-34s %-34s %9.0f %9.1f %9.1f%n",
                result.attack(),
                result.attack().rule(),
                result.heard(),
                millis(result.took()),
                canary,
                Math.max(0, canary - peace));
        return result;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }

    private static void delete(Path folder) throws java.io.IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
