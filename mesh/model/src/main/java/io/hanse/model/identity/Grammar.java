/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import io.hanse.model.reason.ReasonCode;

/** The characters and limits of SPIFFE-ID.md, sections 2.1 to 2.3. */
final class Grammar {

    static final String SCHEME = "spiffe://";

    private Grammar() {}

    static boolean hasScheme(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    static String checkTrustDomain(String name) {
        String law = "1 to " + TrustDomain.MAX_BYTES + " characters of a-z 0-9 . - _ (SPIFFE-ID 2.1, 2.3)";
        if (name.isEmpty() || name.length() > TrustDomain.MAX_BYTES) {
            throw new InvalidSpiffeId(
                    name.isEmpty() ? ReasonCode.SPIFFE_ID_TRUST_DOMAIN : ReasonCode.SPIFFE_ID_TOO_LONG,
                    "trust domain",
                    name,
                    law);
        }
        StringBuilder lower = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char folded = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
            if (!(folded >= 'a' && folded <= 'z' || folded >= '0' && folded <= '9' || isMark(folded))) {
                throw new InvalidSpiffeId(ReasonCode.SPIFFE_ID_TRUST_DOMAIN, "trust domain", name, law);
            }
            lower.append(folded);
        }
        return lower.toString();
    }

    /** Empty, or one or more {@code /segment} (SPIFFE-ID 2.2). */
    static String checkPath(String path) {
        if (path.isEmpty()) {
            return path;
        }
        if (path.charAt(0) != '/') {
            throw invalidPath(path, "a path that starts with / (SPIFFE-ID 2.2)");
        }
        int start = 1;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            end = end < 0 ? path.length() : end;
            checkSegment(path, start, end);
            start = end + 1;
        }
        return path;
    }

    private static void checkSegment(String path, int start, int end) {
        if (start == end) {
            throw invalidPath(path, "no empty segment and no trailing / (SPIFFE-ID 2.2)");
        }
        if (end - start <= 2 && path.charAt(start) == '.' && path.charAt(end - 1) == '.') {
            throw invalidPath(path, "no . or .. segment (SPIFFE-ID 2.2)");
        }
        for (int i = start; i < end; i++) {
            char c = path.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || isMark(c))) {
                throw invalidPath(path, "segments of a-z A-Z 0-9 . - _ (SPIFFE-ID 2.2)");
            }
        }
    }

    private static InvalidSpiffeId invalidPath(String path, String expected) {
        return new InvalidSpiffeId(ReasonCode.SPIFFE_ID_PATH, "path", path, expected);
    }

    private static boolean isMark(char c) {
        return c == '.' || c == '-' || c == '_';
    }
}
