/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether the process may be sent work: when every named start task has reported, and not once it drains. Any thread. */
public final class Readiness {

    private final Set<String> unfinished = new TreeSet<>();
    private final SortedMap<String, Problem> problems = new TreeMap<>();
    private final InstantSource clock;
    private boolean draining;

    /** @param clock says since when something is wrong */
    public Readiness(InstantSource clock) {
        this.clock = clock;
    }

    /** Something that must have happened before the process is ready. */
    public final class StartTask {

        private final String name;

        private StartTask(String name) {
            this.name = name;
        }

        /** Reports that it has happened; a second report is harmless. */
        public void done() {
            synchronized (Readiness.this) {
                unfinished.remove(name);
            }
        }

        /** Tells what is wrong with it now, done or not, and what helps: for operators, secrets left out. */
        public void wrong(String what, String next) {
            synchronized (Readiness.this) {
                Problem before = problems.get(name);
                Instant since = before == null ? clock.instant() : before.since();
                problems.put(name, new Problem(name, what, since, next));
            }
        }

        /** Nothing is wrong with it any more. */
        public void right() {
            synchronized (Readiness.this) {
                problems.remove(name);
            }
        }
    }

    /**
     * Names a start task. Every task is named while the process is wired, before anything starts.
     *
     * @param name lower case words, said to operators while it is unfinished: {@code own svid}
     */
    public synchronized StartTask task(String name) {
        if (!unfinished.add(name)) {
            throw new IllegalArgumentException("start task: %s (expected: a name that is free)".formatted(name));
        }
        return new StartTask(name);
    }

    /** Names of the tasks that have not reported, sorted. */
    public synchronized List<String> unfinished() {
        return List.copyOf(unfinished);
    }

    /** What is wrong now, sorted by task, at most one for each. */
    public synchronized List<Problem> problems() {
        return List.copyOf(problems.values());
    }

    /** Whether every task has reported and no drain has begun. */
    public synchronized boolean ready() {
        return unfinished.isEmpty() && !draining;
    }

    /** Whether the process is on its way out. */
    public synchronized boolean draining() {
        return draining;
    }

    synchronized void drain() {
        draining = true;
    }
}
