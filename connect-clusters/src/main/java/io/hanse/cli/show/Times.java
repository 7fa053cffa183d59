/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times for people: relative, and exact to the two largest units. */
public final class Times {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long SECONDS_PER_HOUR = 3600;
    private static final long SECONDS_PER_DAY = 86_400;

    private final InstantSource clock;
    private final ZoneId zone;

    public Times(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /** {@code in 42m}, or {@code 3s ago}. */
    public String relative(Instant instant) {
        Duration left = Duration.between(clock.instant(), instant);
        return left.isNegative() ? ago(instant) : "in " + length(left);
    }

    /** {@code 3s ago}. */
    public String ago(Instant instant) {
        return length(Duration.between(instant, clock.instant())) + " ago";
    }

    /** {@code up 2h}: since when something lasts. */
    public String since(Instant instant) {
        return length(Duration.between(instant, clock.instant()));
    }

    /** {@code 14:32} on this machine's clock. */
    public String clock(Instant instant) {
        return CLOCK.format(instant.atZone(zone));
    }

    /** {@code 5h 12m}, {@code 42m}, {@code 3s}, {@code 2d 4h}. A negative length is nothing. */
    public static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < SECONDS_PER_MINUTE) {
            return seconds + "s";
        }
        if (seconds < SECONDS_PER_HOUR) {
            long rest = seconds % SECONDS_PER_MINUTE;
            boolean exact = seconds < 10 * SECONDS_PER_MINUTE && rest > 0;
            return seconds / SECONDS_PER_MINUTE + "m" + (exact ? " " + rest + "s" : "");
        }
        if (seconds < SECONDS_PER_DAY) {
            long rest = seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE;
            return seconds / SECONDS_PER_HOUR + "h" + (rest > 0 ? " " + rest + "m" : "");
        }
        long rest = seconds % SECONDS_PER_DAY / SECONDS_PER_HOUR;
        return seconds / SECONDS_PER_DAY + "d" + (rest > 0 ? " " + rest + "h" : "");
    }

    /** {@code 0.6s}: how long a step took. */
    public static String took(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }
}
