/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as people write it: {@code 90s}, {@code 10m}, {@code 1h30m}; also ISO-8601, {@code PT10M}. */
final class Lifetimes implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        Duration length = parse(text);
        if (length.isNegative() || length.toSeconds() == 0) {
            throw wrong(text);
        }
        return length;
    }

    private static Duration parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            return Duration.parse(upper.startsWith("P") ? upper : upper.endsWith("D") ? "P" + upper : "PT" + upper);
        } catch (DateTimeParseException e) {
            throw wrong(text);
        }
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'%s' is not a length of time (for example: 90s, 10m, 1h30m)".formatted(text));
    }
}
