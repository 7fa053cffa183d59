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
 * see tests/README.md. Exit status 1 if an attack did not end as it must, or a call of a canary was lost.
 */
final class HostileTable {

    /** How long the canaries are watched in peace before. */
    private static final Duration PEACE = Duration.ofSeconds(5);

    /** The idle time of the product is ten minutes, a sign of life has twenty seconds; nobody wants to wait for that. */
    private static final String LIMITS = "idle: 20s\nkeepalive: 5s\n";

    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private HostileTable() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Path folder = Files.createTempDirectory("hanse-hostile");
        boolean good = true;
        Siege siege = new Siege(folder, LIMITS);
        try {
            for (Target target : siege.fort.targets()) {
                good &= table(out, siege, target);
            }
        } finally {
            siege.close();
            delete(folder);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean table(PrintStream out, Siege siege, Target target) throws Exception {
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
        for (Attack attack : Corpus.quick()) {
            results.add(print(out, siege.byPeer(attack, target), peace));
        }
        // Those who wait do so together; whoever costs something has the port alone.
        List<Thread> waiting = new ArrayList<>();
        for (Attack attack : SlowOnes.silent()) {
            waiting.add(Thread.ofVirtual().start(() -> {
                Siege.Result result = siege.byPeer(attack, target);
                synchronized (results) {
                    results.add(print(out, result, peace));
                }
            }));
        }
        for (Thread each : waiting) {
            each.join();
        }
        for (Attack attack : SlowOnes.deaf()) {
            results.add(print(out, siege.byPeer(attack, target), peace));
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
        List<String> open = siege.leftOpen();
        open.forEach(each -> out.printf(Locale.ROOT, "  WRONG %s%n", each));
        return wrong.isEmpty() && open.isEmpty() && canary.failures().isEmpty();
    }

    private static Siege.Result print(PrintStream out, Siege.Result result, double peace) {
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
