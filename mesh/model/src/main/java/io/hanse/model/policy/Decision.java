/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import io.hanse.model.reason.ReasonCode;
import java.util.Optional;

/** What the policies of a workload say to a connection. */
public sealed interface Decision {

    /**
     * Let it through.
     *
     * @param policy the ALLOW policy that matched; empty if no ALLOW policy stands in front of the workload
     */
    record Allowed(Optional<PolicyName> policy) implements Decision {}

    /**
     * Refuse it.
     *
     * @param reason {@link ReasonCode#DENIED_BY_POLICY} or {@link ReasonCode#POLICY_MISSING}
     * @param policy the DENY policy that matched, or the one that is missing, or, if ALLOW policies stand and none matched,
     *     the first of those: what an operator would look at to let the caller in
     */
    record Denied(ReasonCode reason, Optional<PolicyName> policy) implements Decision {}
}
