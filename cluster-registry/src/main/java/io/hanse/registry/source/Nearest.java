/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody probably meant. */
final class Nearest {

    /** Farther away it is another word, not a slip of the finger. */
    private static final int MAX_DISTANCE = 3;

    private Nearest() {}

    /** {@code ; did you mean X?}, or nothing if nothing is near. */
    static String hint(String given, Collection<String> known) {
        int far = Math.min(MAX_DISTANCE, Math.max(2, given.length() / 4));
        return known.stream()
                .filter(word -> distance(given, word) <= far)
                .min(Comparator.comparingInt((String word) -> distance(given, word))
                        .thenComparing(Comparator.naturalOrder()))
                .map(word -> "; did you mean %s?".formatted(word))
                .orElse("");
    }

    /** Levenshtein's distance, upper and lower case alike. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same = Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
