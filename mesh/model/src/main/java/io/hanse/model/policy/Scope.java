/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** Which workloads a policy stands in front of. */
public enum Scope {
    /** Every workload of the cluster. */
    GLOBAL,
    /** Every workload of the policy's own namespace. */
    NAMESPACE,
    /** Workloads that name the policy. */
    WORKLOAD_SELECTOR
}
