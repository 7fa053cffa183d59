/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import java.util.List;

/**
 * Part of a rule: any one match is enough. A clause with no match holds.
 *
 * @param matches alternatives
 */
public record Clause(List<Match> matches) {

    public Clause {
        matches = List.copyOf(matches);
    }

    boolean holds(Subject subject) {
        return matches.isEmpty() || matches.stream().anyMatch(match -> match.holds(subject));
    }
}
