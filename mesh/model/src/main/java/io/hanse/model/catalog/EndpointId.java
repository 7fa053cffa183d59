/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a cluster tells its peers in place of a workload's uid and address: enough to ask its gateway for that endpoint,
 * and nothing about its inside.
 *
 * @param text {@value #BYTES} bytes as lower-case hex: the first of the SHA-256 of the workload's uid
 */
public record EndpointId(String text) implements Comparable<EndpointId> {

    /** Of 100,000 endpoints two are alike once in four billion clusters. */
    private static final int BYTES = 8;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    public EndpointId {
        if (!isOne(text)) {
            throw new IllegalArgumentException("endpoint id: %s (expected: 16 hex digits)".formatted(text));
        }
    }

    /** The id of the workload with this uid. */
    public static EndpointId ofWorkload(String uid) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            return new EndpointId(HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }

    /** Whether the text has the form of an id. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(EndpointId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
