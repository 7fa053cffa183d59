/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped one most likely meant. */
final class NearestName {

    /** Names farther than this are another name, not a slip of the finger. */
    private static final int MAX_DISTANCE = 3;

    /** Longer names are not compared: the table is quadratic. */
    private static final int MAX_LENGTH = 64;

    private NearestName() {}

    static Optional<String> of(String given, Collection<String> known) {
        if (given.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String low = given.toLowerCase(Locale.ROOT);
        int limit = Math.min(MAX_DISTANCE, Math.max(1, given.length() / 2));
        return known.stream()
                .filter(name -> distance(low, name.toLowerCase(Locale.ROOT)) <= limit)
                .min(Comparator.<String>comparingInt(name -> distance(low, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
