/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import java.io.PrintStream;

/** What a process prints when it has started: who it is and every address it listens on, one line each. */
final class Announcement {

    private static final String LINE = "  %-18s %s%n";

    private final PrintStream out;

    Announcement(PrintStream out) {
        this.out = out;
    }

    void started(Part part, HostPort metrics) {
        ProcessContext context = part.context();
        out.printf(
                "%s of cluster %s, trust domain %s, pid %d%n",
                context.instance(),
                context.cluster().cluster(),
                context.cluster().trustDomain(),
                ProcessHandle.current().pid());
        part.process().listeners().forEach(listener -> out.printf(LINE, listener.wire(), listener.address()));
        out.printf(LINE, "control", part.socket());
        out.printf(LINE, "metrics, readiness", "http://" + metrics);
    }

    void ready(Part part) {
        part.process().identity().ifPresent(id -> out.printf(LINE, "identity", id));
        out.printf("%s is ready%n", part.context().instance());
    }

    void ended(String name) {
        out.printf("%s has ended%n", name);
    }
}
