/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Memory, threads, idle CPU and start times of the processes. */
final class Footprints {

    /** A quiet time, before any load, over which idle CPU is counted. */
    private static final long IDLE_SECONDS = 3;

    /** After idle connections were opened, before memory is looked at. */
    private static final long SETTLING_MILLIS = 1_000;

    private static final double PER = 1_000;

    private final Clusters clusters;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    /** Looks at the idle processes. */
    Footprints(Clusters clusters, List<Way> yardsticks) throws IOException, InterruptedException {
        this.clusters = clusters;
        for (Member each : clusters.members()) {
            entries.put(each.pid(), new Entry(each.name(), each.pid()));
        }
        yardsticks.forEach(way ->
                way.proxies().forEach(each -> entries.put(each.pid(), new Entry(each.name(), each.pid()))));
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        entries.values().forEach(Entry::idled);
    }

    /** The loads are over: what was the most? */
    void loaded() {
        entries.values().forEach(each -> each.loadMegabytes = ProcFacts.peakMegabytes(each.pid));
    }

    /** Opens connections that carry one request each and then nothing, and looks what they add. */
    void idleConnections(Callers callers, Way way, int connections) throws InterruptedException {
        Map<Long, Double> before = new LinkedHashMap<>();
        way.pids().forEach(pid -> before.put(pid, ProcFacts.residentMegabytes(pid)));
        callers.holding(way, connections, () -> {
            TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
            before.forEach((pid, megabytes) -> {
                Entry entry = entries.get(pid);
                double more = (ProcFacts.residentMegabytes(pid) - megabytes) * PER / connections;
                if (entry != null && more > entry.perThousandIdle) {
                    entry.perThousandIdle = more;
                }
            });
        });
    }

    /** Each process of the product once: ends it, starts it, waits until it is ready. */
    void restartAll() throws IOException, InterruptedException {
        List<Member> members = clusters.members();
        List<Entry> known = List.copyOf(entries.values());
        for (int i = 0; i < members.size(); i++) {
            known.get(i).starts.add(clusters.restart(members.get(i)));
        }
    }

    List<Measured.ProcessFacts> facts() {
        return entries.values().stream().map(Entry::facts).toList();
    }

    private static final class Entry {

        private final String name;
        private final long pid;
        private final double cpuBefore;
        private final List<Double> starts = new ArrayList<>();
        private double idleCpu;
        private double idleMegabytes;
        private int threads;
        private double loadMegabytes;
        private double perThousandIdle = -1;

        Entry(String name, long pid) {
            this.name = name;
            this.pid = pid;
            this.cpuBefore = ProcFacts.cpuSeconds(pid);
        }

        void idled() {
            idleCpu = (ProcFacts.cpuSeconds(pid) - cpuBefore) / IDLE_SECONDS;
            idleMegabytes = ProcFacts.residentMegabytes(pid);
            threads = ProcFacts.threads(pid);
        }

        Measured.ProcessFacts facts() {
            double[] sorted = starts.stream().mapToDouble(each -> each).sorted().toArray();
            return new Measured.ProcessFacts(
                    name,
                    Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(-1),
                    threads,
                    idleCpu,
                    idleMegabytes,
                    loadMegabytes,
                    perThousandIdle);
        }
    }
}
