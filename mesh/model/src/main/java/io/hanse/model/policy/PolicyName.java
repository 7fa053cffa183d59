/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** Namespace and name of a policy, written {@code namespace/name}. */
public record PolicyName(String namespace, String name) implements Comparable<PolicyName> {

    public PolicyName {
        if (namespace.isEmpty() || name.isEmpty() || namespace.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "policy: %s/%s (expected: namespace/name, no / in the namespace)".formatted(namespace, name));
        }
    }

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
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
