/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import java.util.regex.Pattern;

/** The namespace and name of a service, both RFC 1123 labels. Namespace sameness holds across clusters (KEP-1645). */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String SUFFIX = ".svc.cluster.local";

    public ServiceName {
        if (!LABEL.matcher(namespace).matches() || !LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "service: %s/%s (expected: namespace/name, RFC 1123 labels)".formatted(namespace, name));
        }
    }

    /** Parses {@code namespace/name}. */
    public static ServiceName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("service: %s (expected: namespace/name)".formatted(text));
        }
        return new ServiceName(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Parses {@code name.namespace.svc.cluster.local}. */
    public static ServiceName ofHostname(String hostname) {
        int dot = hostname.indexOf('.');
        if (dot < 0 || !hostname.endsWith(SUFFIX) || dot + 1 > hostname.length() - SUFFIX.length()) {
            throw new IllegalArgumentException("hostname: %s (expected: name.namespace%s)".formatted(hostname, SUFFIX));
        }
        return new ServiceName(
                hostname.substring(dot + 1, hostname.length() - SUFFIX.length()), hostname.substring(0, dot));
    }

    /** {@code name.namespace.svc.cluster.local}. */
    public String hostname() {
        return name + "." + namespace + SUFFIX;
    }

    @Override
    public int compareTo(ServiceName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
