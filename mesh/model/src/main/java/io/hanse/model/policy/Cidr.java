/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of IP addresses. IPv4 and IPv6 never match each other; an IPv4-mapped IPv6 address is IPv4 already (that is
 * how {@link InetAddress} reads one).
 *
 * @param address its bits beyond {@code length} do not count
 * @param length leading bits that count, 0 to 32 or 0 to 128
 */
public record Cidr(InetAddress address, int length) {

    public Cidr {
        int bits = address.getAddress().length * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "prefix length: %d (expected: 0 to %d for %s)".formatted(length, bits, address.getHostAddress()));
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a bare address.
     *
     * @throws IllegalArgumentException if it is neither; host names are not resolved
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash), text);
        if (slash < 0) {
            return new Cidr(address, address.getAddress().length * Byte.SIZE);
        }
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text);
        }
        return new Cidr(address, Integer.parseInt(digits));
    }

    /** Whether {@code other} lies in the block. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = length / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = length % Byte.SIZE;
        return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0;
    }

    private static InetAddress literal(String address, String text) {
        // ofLiteral takes "1.2" and "::1%eth0" too; neither belongs in a policy.
        boolean dotted = address.indexOf(':') < 0;
        if (dotted && address.split("\\.", -1).length != 4 || address.indexOf('%') >= 0) {
            throw malformed(text);
        }
        try {
            return InetAddress.getByAddress(InetAddress.ofLiteral(address).getAddress());
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "address block: %s (expected: an IP address or address/bits)".formatted(text));
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
