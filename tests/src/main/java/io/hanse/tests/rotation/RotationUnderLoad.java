/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Backend;
import io.hanse.tests.cluster.Calls;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import io.hanse.tests.cluster.LongCall;
import io.hanse.tests.cluster.Settings;
import io.hanse.tests.cluster.World;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/** The run: load first, then time with scheduled rotations, and one by force in each cluster in the middle. */
public final class RotationUnderLoad {

    /** The shortest there is: an SVID is renewed every 5 s, so a machine that stalls so long fails calls. */
    private static final Duration SHORTEST_SVID = Duration.ofSeconds(10);

    /** An authority's life, in lives of an SVID; the least the product takes. */
    private static final int SVIDS_IN_A_LIFE = 6;

    private static final Duration HINT = Duration.ofSeconds(2);

    /** A new long call for each path as often as this. */
    private static final Duration BETWEEN_LONG_CALLS = Duration.ofSeconds(6);

    /** Between the exchange's seeing a root go and a proxy's ending the connection, on a busy machine. */
    private static final Duration MOMENT = Duration.ofSeconds(4);

    /** Findings that come with what the logs say of their time. */
    private static final int MOST_TOLD = 3;

    private static final int API = 0;
    private static final int FRONTEND = 1;

    private final World world;
    private final Duration svid;
    private final List<Cluster> clusters;
    private final List<Calls> calls = new ArrayList<>();
    private final List<Handshakes> handshakes = new ArrayList<>();
    private final List<LongCall> longCalls = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    private RotationUnderLoad(World world, Duration svid) {
        this.world = world;
        this.svid = svid;
        this.clusters = List.of(world.add(settings("lubeck", svid)), world.add(settings("bergen", svid)));
    }

    /** What was seen. */
    record Result(
            double handshakesPerSecond,
            long handshakes,
            long calls,
            int longCalls,
            Duration longest,
            int rootsGone,
            List<String> findings) {
        Result {
            findings = List.copyOf(findings);
        }
    }

    /** Arguments: how many seconds, default 180; seconds of an SVID's life, default 10. Exit status 1 if a call failed. */
    public static void main(String[] arguments) {
        Duration time = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 180);
        Duration svid = arguments.length > 1 ? Duration.ofSeconds(Long.parseLong(arguments[1])) : SHORTEST_SVID;
        System.exit(run(time, svid, System.out).findings().isEmpty() ? 0 : 1);
    }

    /** Runs it for this long, with SVIDs of this life, in a world of its own. */
    static Result run(Duration time, Duration svid, PrintStream out) {
        try (World world = World.make("rotation")) {
            RotationUnderLoad run = new RotationUnderLoad(world, svid);
            try {
                run.start();
                Result result = run.measure(time);
                run.show(result, out);
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

    private static Settings settings(String name, Duration svid) {
        return Settings.named(name)
                .refreshHint(HINT)
                .lifetimes(svid.multipliedBy(SVIDS_IN_A_LIFE), svid)
                .set("node-proxy", "probePeriod", "1s");
    }

    private void start() {
        for (Cluster cluster : clusters) {
            world.owns(Backend.start(cluster.name(), cluster.workload(API)));
            cluster.manifests().backend("api-1", "api-" + cluster, "a", cluster.workload(API));
            clusters.forEach(each -> cluster.manifests().globalService("api-" + each));
            cluster.manifests()
                    .caller("frontend", "a", cluster.workload(FRONTEND), "api-" + cluster, "api-" + other(cluster));
        }
        world.start();
        clusters.get(0).connect(clusters.get(1));
        for (Cluster cluster : clusters) {
            callers(cluster, 0, cluster);
            callers(cluster, 1, other(cluster));
        }
        calls.forEach(one -> one.awaitGood("before anything rotates"));
        for (Cluster cluster : clusters) {
            Handshakes own = world.owns(new Handshakes(cluster, clusters));
            own.within("frontend", "api-" + cluster, cluster.workload(API));
            own.within("frontend", "api-" + cluster, cluster.workload(API));
            own.across(other(cluster), "frontend", "api-" + other(cluster), "api-1");
            own.across(other(cluster), "frontend", "api-" + other(cluster), "api-1");
            handshakes.add(own);
        }
        handshakes.forEach(Handshakes::warmUp);
    }

    private void callers(Cluster from, int service, Cluster answering) {
        calls.add(world.owns(Calls.start(
                from + " to " + answering,
                from.listener(FRONTEND, service),
                1,
                Duration.ofMillis(5),
                Set.of(answering.name()))));
    }

    private Cluster other(Cluster cluster) {
        return clusters.get(1 - clusters.indexOf(cluster));
    }

    private Result measure(Duration time) {
        List<Long> pids = pids();
        List<Calls.Mark> marks = calls.stream().map(Calls::mark).toList();
        Departures departures = world.owns(new Departures(clusters));
        long before = handshakesDone();
        long began = System.nanoTime();
        Future<Boolean> opening = Await.beside("long calls", () -> openLongCalls(began, time));
        Await.pass(time.dividedBy(2));
        List<Future<String>> forced = clusters.stream()
                .map(cluster -> Await.beside("force " + cluster, () -> ForcedRotation.of(cluster)))
                .toList();
        forced.forEach(Await::join);
        while (System.nanoTime() - began < time.toNanos()) {
            Await.pass(Duration.ofMillis(100));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long done = handshakesDone() - before;
        handshakes.forEach(Handshakes::stop);
        Await.join(opening);
        Await.pass(MOMENT); // an ended long call and the root that ended it are both seen by then
        judge(marks, departures);
        if (!pids().equals(pids)) {
            findings.add("processes were restarted: %s before, %s after".formatted(pids, pids()));
        }
        Duration longest = longCalls.stream()
                .map(RotationUnderLoad::lasted)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        long made = 0;
        for (int i = 0; i < calls.size(); i++) {
            made += calls.get(i).goodSince(marks.get(i));
        }
        return new Result(done / seconds, done, made, longCalls.size(), longest, departures.count(), findings);
    }

    private void judge(List<Calls.Mark> marks, Departures departures) {
        for (int i = 0; i < calls.size(); i++) {
            Calls one = calls.get(i);
            if (one.failedSince(marks.get(i)) > 0) {
                findings.add("%d calls of %s failed: %s"
                        .formatted(one.failedSince(marks.get(i)), one.name(), one.failuresSince(marks.get(i))));
            }
        }
        handshakes.stream().flatMap(one -> one.failures().stream()).forEach(this::failed);
        for (LongCall one : longCalls) {
            one.ended()
                    .filter(end -> !departures.explains(one.began(), end.at(), MOMENT))
                    .ifPresent(end ->
                            findings.add("a long call opened %s ended %s (%s), though no root it could stand on left"
                                    .formatted(one.began(), end.at(), end.how())));
        }
        if (longCalls.stream().noneMatch(one -> lasted(one).compareTo(svid.multipliedBy(2)) > 0)) {
            findings.add("no long call outlived two SVIDs, so nothing is proved about them");
        }
    }

    private void failed(Handshakes.Failure failure) {
        boolean told = findings.size() >= MOST_TOLD;
        findings.add(told ? failure.toString() : failure + "; the processes: " + Testimony.of(clusters, failure.at()));
    }

    private static Duration lasted(LongCall call) {
        Instant end = call.ended().map(LongCall.Ended::at).orElseGet(Instant::now);
        return Duration.between(call.began(), end);
    }

    private boolean openLongCalls(long began, Duration time) {
        while (System.nanoTime() - began < time.toNanos()) {
            for (Cluster cluster : clusters) {
                for (int service = 0; service < 2; service++) {
                    longCalls.add(world.owns(LongCall.open(cluster.listener(FRONTEND, service))));
                }
            }
            Await.pass(BETWEEN_LONG_CALLS);
        }
        return true;
    }

    private List<Long> pids() {
        return clusters.stream()
                .flatMap(cluster -> cluster.processes().stream())
                .filter(ClusterProcess::isAlive)
                .map(ClusterProcess::pid)
                .toList();
    }

    private long handshakesDone() {
        return handshakes.stream().mapToLong(Handshakes::done).sum();
    }

    private void show(Result result, PrintStream out) {
        out.printf(
                "%d handshakes, %.0f a second, 2 clusters, within and across%n",
                result.handshakes(), result.handshakesPerSecond());
        out.printf("%d calls on connections of their own%n", result.calls());
        out.printf(
                "%d long calls, the longest %d s; %d times a root left a bundle%n",
                result.longCalls(), result.longest().toSeconds(), result.rootsGone());
        out.printf("%d findings%n", result.findings().size());
        result.findings().stream().limit(20).forEach(finding -> out.println("  " + finding));
    }
}
