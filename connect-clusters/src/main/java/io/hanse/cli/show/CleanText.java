/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words of others on one line of a terminal: signs that a terminal obeys, that end the line or that turn around what is read
 * are shown as JSON would write them, so that a peer's text is never taken for ours.
 */
final class CleanText {

    /** The colours of {@link Tone} and of picocli's help, or a sign that is not for show. */
    private static final Pattern SIGN = Pattern.compile(
            "(?<colour>\u001b\\[(?:[0-3]|2[1-3]|3[1-39])m)|[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\t]]");

    private CleanText() {}

    /** {@code text} as one line; {@code colour} says whether colours stay. */
    static String line(String text, boolean colour) {
        return SIGN.matcher(text)
                .replaceAll(sign -> Matcher.quoteReplacement(
                        colour && sign.group("colour") != null ? sign.group() : escaped(sign)));
    }

    /** As JSON writes it, so that a document stays one. */
    private static String escaped(MatchResult sign) {
        StringBuilder text = new StringBuilder();
        sign.group().chars().forEach(c -> {
            if (c > ' ' && c < 0x7f) {
                text.append((char) c);
            } else {
                text.append("\\u%04x".formatted(c));
            }
        });
        return text.toString();
    }
}
