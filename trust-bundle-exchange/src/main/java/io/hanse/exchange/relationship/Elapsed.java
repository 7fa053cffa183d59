/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import java.time.Duration;

/** A span of time in one word for people: {@code 42s}, {@code 3m}, {@code 2h}, {@code 5d}. */
final class Elapsed {

    private Elapsed() {}

    static String text(Duration span) {
        Duration length = span.abs();
        if (length.toDays() > 0) {
            return length.toDays() + "d";
        }
        if (length.toHours() > 0) {
            return length.toHours() + "h";
        }
        return length.toMinutes() > 0 ? length.toMinutes() + "m" : length.toSeconds() + "s";
    }
}
