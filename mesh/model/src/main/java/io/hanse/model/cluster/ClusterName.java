/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.cluster;

import java.util.regex.Pattern;

/**
 * The name of a cluster: what operators call it, and its network unless set otherwise.
 *
 * @param name an RFC 1123 label, at most {@value #MAX_CHARACTERS} characters
 */
public record ClusterName(String name) implements Comparable<ClusterName> {

    /** As long as an RFC 1123 label. */
    public static final int MAX_CHARACTERS = 63;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    public ClusterName {
        if (name.length() > MAX_CHARACTERS || !LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "cluster name: %s (expected: 1 to 63 of a-z 0-9 -, RFC 1123 label)".formatted(name));
        }
    }

    @Override
    public int compareTo(ClusterName other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
