/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import java.util.List;

/**
 * One way for a policy to match: every clause must hold. A rule with no clause always matches.
 *
 * @param clauses in Istio's YAML the {@code from}, the {@code to} and each {@code when}
 */
public record Rule(List<Clause> clauses) {

    public Rule {
        clauses = List.copyOf(clauses);
    }

    boolean matches(Subject subject) {
        return clauses.stream().allMatch(clause -> clause.holds(subject));
    }
}
