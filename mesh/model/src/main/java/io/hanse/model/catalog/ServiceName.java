/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

/** The namespace and name of a service, both RFC 1123 labels. Namespace sameness holds across clusters (KEP-1645). */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {

    private static final int MAX_LABEL_CHARACTERS = 63;
    private static final String SUFFIX = ".svc.cluster.local";

    public ServiceName {
        if (!isLabel(namespace) || !isLabel(name)) {
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

    /** By hand, because every call that a proxy judges names its service. */
    private static boolean isLabel(String text) {
        int last = text.length() - 1;
        if (last < 0 || last >= MAX_LABEL_CHARACTERS || text.charAt(0) == '-' || text.charAt(last) == '-') {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
                return false;
            }
        }
        return true;
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
