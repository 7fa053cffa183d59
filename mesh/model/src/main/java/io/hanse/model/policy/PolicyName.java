/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** Namespace and name of a policy, written {@code namespace/name}. */
public record PolicyName(String namespace, String name) implements Comparable<PolicyName> {

    /** Parses {@code namespace/name}. */
    public static PolicyName parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("policy: %s (expected: namespace/name)".formatted(text));
        }
        return new PolicyName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(PolicyName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
