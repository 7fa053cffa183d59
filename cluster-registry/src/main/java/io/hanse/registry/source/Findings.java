/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file while it is read. Not thread-safe; one per reading. */
final class Findings {

    /** A file with more is broken as a whole; the rest would not be read by anybody. */
    private static final int MAX_PROBLEMS = 50;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    Place place(int line) {
        return new Place(file, line);
    }

    void problem(int line, String message) {
        add(Problem.of(place(line), message));
    }

    void notice(int line, String message) {
        add(Problem.notice(place(line), message));
    }

    private void add(Problem problem) {
        if (problems.size() < MAX_PROBLEMS && !problems.contains(problem)) {
            problems.add(problem);
        }
    }

    boolean refused() {
        return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.PROBLEM);
    }

    int count() {
        return problems.size();
    }

    List<Problem> all() {
        return List.copyOf(problems);
    }
}
