/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 10s}, {@code 15m}, {@code 24h}, {@code 7d}, {@code 1h30m}. */
public final class DurationText {

    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private DurationText() {}

    /**
     * Parses the text.
     *
     * @throws IllegalArgumentException if it is not a duration
     */
    public static Duration parse(String text) {
        if (text.length() > 40 || !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "duration: %s (expected: a number and a unit, for example 500ms, 10s, 15m, 24h)".formatted(text));
        }
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        return sum;
    }

    /** The shortest text that parses to the same duration, to the millisecond. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        add(text, duration.toDays(), "d");
        add(text, duration.toHoursPart(), "h");
        add(text, duration.toMinutesPart(), "m");
        add(text, duration.toSecondsPart(), "s");
        add(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    private static void add(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(count).append(unit);
        }
    }
}
