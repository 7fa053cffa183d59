/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Calls;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;

/**
 * Tells the story again and again, and kills a process at each step of it.
 *
 * <p>The rule: story {@code r} kills at step {@code s} the process number {@code (s + stride * r)} modulo their number. As
 * many stories as processes with stride 1 are the whole matrix; three stories with stride 3 kill each of eight processes
 * at a third of the steps at least, and at each step three of them.
 */
public final class KillMatrix {

    /** The slice of the default build. */
    static final int SLICE_STORIES = 3;

    static final int SLICE_STRIDE = 3;

    private static final Duration DEAD = Duration.ofMillis(400);
    private static final int SLOWEST_KILL_MILLIS = 250;

    /** A JVM is half way through its start then. */
    private static final int SLOWEST_KILL_WHILE_STARTING_MILLIS = 2_000;

    private final Pair pair;
    private final Findings findings = new Findings();
    private final Ledger ledger;
    private final Map<String, List<String>> cells = new LinkedHashMap<>();
    private final List<Path> paths = new ArrayList<>();
    private int kills;

    private KillMatrix(Pair pair) {
        this.pair = pair;
        this.ledger = new Ledger(pair.both(), findings);
    }

    /** How it went. */
    record Result(int kills, List<String> findings) {
        Result {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Arguments: {@code [--stories 8] [--stride 1] [--separate bergen|lubeck|both]}. Exit status 1 if something was found.
     */
    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>(Map.of("--stories", "8", "--stride", "1", "--separate", "both"));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        String separate = options.getOrDefault("--separate", "both");
        int found = 0;
        for (String cluster : separate.equals("both") ? List.of("bergen", "lubeck") : List.of(separate)) {
            found += run(
                            cluster,
                            Integer.parseInt(options.getOrDefault("--stories", "8")),
                            Integer.parseInt(options.getOrDefault("--stride", "1")),
                            System.out)
                    .findings()
                    .size();
        }
        System.exit(found == 0 ? 0 : 1);
    }

    /**
     * Runs it in a world of its own.
     *
     * @param separate the cluster whose control plane is three processes; the other's is one
     */
    static Result run(String separate, int stories, int stride, PrintStream out) {
        try (Pair pair = new Pair(separate)) {
            KillMatrix matrix = new KillMatrix(pair);
            try {
                pair.start();
                pair.both().forEach(cluster -> matrix.paths.add(pair.home(cluster)));
                matrix.paths.forEach(path -> path.calls().awaitGood("before anything is killed"));
                for (int story = 0; story < stories; story++) {
                    matrix.tell(story, stride, out);
                }
            } catch (RuntimeException | AssertionError e) {
                matrix.findings.require(false, "the story cannot go on: " + e);
                e.printStackTrace(out);
            }
            matrix.show(out);
            if (!matrix.findings.all().isEmpty()) {
                pair.keep();
            }
            return new Result(matrix.kills, matrix.findings.all());
        }
    }

    private void tell(int number, int stride, PrintStream out) {
        Cluster server = pair.both().get(number % 2);
        Cluster caller = pair.both().get(1 - number % 2);
        Across across = new Across(pair.across(caller, server));
        Story story = new Story(server, caller, findings, across::answered);
        List<ClusterProcess> processes = pair.processes();
        List<Step> steps = story.steps();
        for (int step = 0; step < steps.size(); step++) {
            ClusterProcess victim = processes.get((step + stride * number) % processes.size());
            kill(number, step, steps.get(step), victim, out);
        }
        across.path.calls().close();
    }

    private void kill(int story, int number, Step step, ClusterProcess victim, PrintStream out) {
        findings.at("story %d, %s, kill of %s".formatted(story, step.name(), victim));
        int before = findings.all().size();
        long began = System.nanoTime();
        ledger.look();
        List<Path> others = paths.stream().filter(path -> !path.needs(victim)).toList();
        List<Calls.Mark> marks =
                others.stream().map(path -> path.calls().mark()).toList();
        step.before().accept(victim);
        Future<Runnable> deed = Await.beside(step.name(), step.deed()::get);
        int slowest = step.name().equals("up") ? SLOWEST_KILL_WHILE_STARTING_MILLIS : SLOWEST_KILL_MILLIS;
        Duration delay = Duration.ofMillis(new Random(story * 31L + number).nextInt(slowest));
        Await.pass(delay);
        victim.kill();
        kills++;
        Await.pass(DEAD);
        victim.start();
        victim.awaitReady();
        Await.join(deed).run();
        paths.forEach(path -> path.calls().awaitGood("after " + step.name()));
        for (int i = 0; i < others.size(); i++) {
            Path path = others.get(i);
            Calls.Mark mark = marks.get(i);
            if (paths.contains(path)) {
                findings.holds(() -> path.calls().requireNoneFailed(mark, "though they did not need " + victim));
            }
        }
        ledger.look();
        boolean held = findings.all().size() == before;
        cells.computeIfAbsent(victim.name(), name -> new ArrayList<>()).add((held ? "" : "!") + step.name());
        out.printf(
                "%2d %-10s %-32s after %4d ms  %s  %.1f s%n",
                story,
                step.name(),
                victim,
                delay.toMillis(),
                held ? "held" : "FOUND",
                (System.nanoTime() - began) / 1e9);
    }

    private void show(PrintStream out) {
        cells.forEach((process, steps) -> out.printf("%-32s %s%n", process, String.join(" ", steps)));
        out.printf("%d kills, %d findings%n", kills, findings.all().size());
        findings.all().forEach(finding -> out.println("  " + finding));
    }

    /** Calls across count while the story says they must be answered. */
    private final class Across {

        private final Path path;

        private Across(Path path) {
            this.path = path;
        }

        private void answered(boolean must) {
            paths.remove(path);
            if (must) {
                paths.add(path);
            }
        }
    }
}
