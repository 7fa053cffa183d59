/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import io.hanse.model.reason.InWords;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Backend;
import io.hanse.tests.cluster.Calls;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import io.hanse.tests.cluster.Settings;
import io.hanse.tests.cluster.World;
import io.hanse.tests.rotation.Handshakes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The run: warm up, measure, go on, measure again. */
public final class Soak {

    /** Short: a new SVID every 10 s, a new root every 100 s. Not the shortest there are: a busy machine may stall. */
    private static final Duration AUTHORITY = Duration.ofMinutes(2);

    private static final Duration SVID = Duration.ofSeconds(20);
    private static final Duration HINT = Duration.ofSeconds(2);

    /** Code is compiled and pools are filled by then; a short run warms up for a third of its time. */
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(2);

    /** Time shows what leaks, not speed: an hour of it leaves the machine usable. */
    private static final Duration BETWEEN_HANDSHAKES = Duration.ofMillis(10);

    private static final int API = 0;
    private static final int FRONTEND = 1;
    private static final int SECOND = 2;

    private final World world;
    private final Cluster lubeck;
    private final Cluster bergen;
    private final Cluster visby;
    private final Guest guest;
    private final PolicyChanges policy;
    private final Deque<AutoCloseable> working = new ArrayDeque<>();
    private final List<Calls> calls = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private long callsDone;
    private long handshakesDone;

    private Soak(World world) {
        this.world = world;
        this.lubeck = world.add(settings("lubeck"));
        this.bergen = world.add(settings("bergen"));
        this.visby = world.add(settings("visby"));
        this.guest = new Guest(lubeck, visby, visby.listener(FRONTEND, 0));
        this.policy = new PolicyChanges(
                bergen,
                "api-bergen",
                new String[] {lubeck.principal("frontend"), bergen.principal("frontend")},
                lubeck.principal("second"),
                lubeck.listener(SECOND, 0));
    }

    /** What was seen. */
    record Result(long calls, long handshakes, int visits, int policyChanges, List<String> findings) {
        Result {
            findings = List.copyOf(findings);
        }
    }

    /** Argument: how long, {@code 90s}, {@code 10m}, {@code 1h}. Exit status 1 if something failed or grew. */
    public static void main(String[] arguments) {
        String text = arguments.length > 0 ? arguments[0] : "10m";
        Duration time = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        System.exit(run(time, System.out).findings().isEmpty() ? 0 : 1);
    }

    /** Runs it for this long, warm-up included, in a world of its own. */
    static Result run(Duration time, PrintStream out) {
        try (World world = World.make("soak")) {
            try {
                Result result = new Soak(world).soak(time, out);
                if (!result.findings().isEmpty()) {
                    world.keep();
                }
                return result;
            } catch (RuntimeException | AssertionError e) {
                world.keep();
                throw e;
            }
        }
    }

    private static Settings settings(String name) {
        return Settings.named(name).refreshHint(HINT).lifetimes(AUTHORITY, SVID);
    }

    private Result soak(Duration time, PrintStream out) {
        start();
        Duration warmUp = time.dividedBy(3).compareTo(LONGEST_WARM_UP) < 0 ? time.dividedBy(3) : LONGEST_WARM_UP;
        work(warmUp);
        Map<String, Sample> first = samples();
        List<Long> pids = pids();
        work(time.minus(warmUp));
        Map<String, Sample> last = samples();
        if (!pids.equals(pids())) {
            findings.add("processes were restarted");
        }
        findings.addAll(Growth.beyond(first, last));
        Growth.show(first, last, out);
        Result result = new Result(callsDone, handshakesDone, guest.visits(), policy.changes(), findings);
        out.printf(
                "%s: %d calls, %d handshakes, %d visits of a third cluster, %d policy changes; %d findings%n",
                time, result.calls(), result.handshakes(), result.visits(), result.policyChanges(), findings.size());
        findings.stream().limit(20).forEach(finding -> out.println("  " + finding));
        return result;
    }

    private void start() {
        for (Cluster cluster : world.clusters()) {
            world.owns(Backend.start(cluster.name(), cluster.workload(API)));
            cluster.manifests().backend("api-1", "api-" + cluster, "a", cluster.workload(API));
            world.clusters().forEach(each -> cluster.manifests().globalService("api-" + each));
        }
        caller(lubeck, FRONTEND, "frontend", "api-lubeck", "api-bergen");
        caller(bergen, FRONTEND, "frontend", "api-bergen", "api-lubeck");
        caller(visby, FRONTEND, "frontend", "api-lubeck");
        caller(lubeck, SECOND, "second", "api-bergen");
        world.start();
        bergen.connect(lubeck);
    }

    private static void caller(Cluster cluster, int place, String name, String... services) {
        cluster.manifests().caller(name, "a", cluster.workload(place), services);
    }

    /** Everything at once for a while, then nothing. */
    private void work(Duration time) {
        calls.clear();
        for (Cluster cluster : List.of(lubeck, bergen)) {
            Cluster other = cluster == lubeck ? bergen : lubeck;
            calls.add(call(cluster, 0, cluster));
            calls.add(call(cluster, 1, other));
        }
        calls.forEach(one -> one.awaitGood("at the start"));
        List<Calls.Mark> marks = calls.stream().map(Calls::mark).toList();
        Handshakes handshakes = new Handshakes(lubeck, List.of(lubeck, bergen)).pausing(BETWEEN_HANDSHAKES);
        working.push(handshakes);
        handshakes.within("frontend", "api-lubeck", lubeck.workload(API));
        handshakes.across(bergen, "frontend", "api-bergen", "api-1");
        handshakes.warmUp();
        working.push(new Repeat("guest", guest));
        working.push(new Repeat("policy", policy));
        Await.pass(time);
        stop();
        for (int i = 0; i < calls.size(); i++) {
            Calls one = calls.get(i);
            callsDone += one.goodSince(marks.get(i));
            if (one.failedSince(marks.get(i)) > 0) {
                findings.add("%d calls of %s failed: %s"
                        .formatted(one.failedSince(marks.get(i)), one.name(), one.failuresSince(marks.get(i))));
            }
        }
        handshakesDone += handshakes.done();
        handshakes.failures().forEach(failure -> findings.add(failure.toString()));
        Sample.settle();
    }

    private Calls call(Cluster from, int service, Cluster answering) {
        Calls one = Calls.start(
                from + " to " + answering,
                from.listener(FRONTEND, service),
                2,
                Duration.ofMillis(5),
                Set.of(answering.name()));
        working.push(one);
        return one;
    }

    private void stop() {
        while (!working.isEmpty()) {
            try {
                working.pop().close();
            } catch (Exception | AssertionError e) {
                findings.add(InWords.of(e));
            }
        }
    }

    private Map<String, Sample> samples() {
        Map<String, Sample> samples = new TreeMap<>();
        processes().forEach(process -> samples.put(process.name(), Sample.of(process)));
        return samples;
    }

    private List<Long> pids() {
        return processes().stream().map(ClusterProcess::pid).toList();
    }

    private List<ClusterProcess> processes() {
        return world.clusters().stream()
                .flatMap(cluster -> cluster.processes().stream())
                .toList();
    }
}
