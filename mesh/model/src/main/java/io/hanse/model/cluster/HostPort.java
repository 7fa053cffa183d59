/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.cluster;

import java.net.InetSocketAddress;

/**
 * A host (name or IP literal) and a port, as {@code host:port} or {@code [v6]:port}. Not resolved.
 *
 * @param host without brackets
 * @param port 1 to 65535, or 0 where a free port is asked for
 */
public record HostPort(String host, int port) implements Comparable<HostPort> {

    /** A DNS name is at most this long (RFC 1035 2.3.4). */
    private static final int MAX_HOST_CHARACTERS = 255;

    public HostPort {
        if (host.isEmpty() || host.length() > MAX_HOST_CHARACTERS || !hasHostCharactersOnly(host)) {
            throw new IllegalArgumentException("host: %s (expected: a DNS name or an IP address)".formatted(host));
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: %d (expected: 0 to 65535)".formatted(port));
        }
    }

    /**
     * Parses {@code host:port} or {@code [v6]:port}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1 || text.length() - colon > 6) {
            throw new IllegalArgumentException("address: %s (expected: host:port)".formatted(text));
        }
        String host = text.substring(0, colon);
        String digits = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!hasDigitsOnly(digits) || !bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("address: %s (expected: host:port, IPv6 in brackets)".formatted(text));
        }
        return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(digits));
    }

    /** A resolved address; the zone of a link-local one, which means something on this machine only, is left out. */
    public static HostPort of(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        return new HostPort(zone < 0 ? host : host.substring(0, zone), address.getPort());
    }

    private static boolean hasHostCharactersOnly(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ".-_:".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasDigitsOnly(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(HostPort other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
