/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import java.util.List;

/**
 * An L4 authorization policy, the model of {@code istio.security.Authorization}.
 *
 * @param name namespace and name
 * @param scope which workloads it stands in front of
 * @param action what it does to a connection that it matches
 * @param rules any one of which is enough to match; none at all never matches, so an {@link Action#ALLOW} without rules
 *     refuses everybody
 * @param dryRun evaluated nowhere, decides nothing
 */
public record AuthorizationPolicy(PolicyName name, Scope scope, Action action, List<Rule> rules, boolean dryRun) {

    public AuthorizationPolicy {
        rules = List.copyOf(rules);
    }

    /** Whether some rule holds for the connection, for a workload of the trust domain in {@code subject}. */
    boolean matches(Subject subject) {
        return rules.stream().anyMatch(rule -> rule.matches(subject));
    }
}
