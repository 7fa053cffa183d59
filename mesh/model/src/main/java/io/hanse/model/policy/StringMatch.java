/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

/** A pattern over a text; case-sensitive. */
public sealed interface StringMatch {

    /** The whole text. */
    record Exact(String text) implements StringMatch {}

    /** The text's beginning; Istio writes {@code abc*}. */
    record Prefix(String text) implements StringMatch {}

    /** The text's end; Istio writes {@code *abc}. */
    record Suffix(String text) implements StringMatch {}

    /** Any text that is not empty; Istio writes {@code *}. */
    record Presence() implements StringMatch {}

    /**
     * Reads Istio's text form: {@code *} presence, {@code abc*} prefix, {@code *abc} suffix, all else exact.
     *
     * @throws IllegalArgumentException if a {@code *} stands elsewhere: matched exactly it would be a rule that says
     *     one thing and does another
     */
    static StringMatch parse(String text) {
        if (text.equals("*")) {
            return new Presence();
        }
        boolean suffix = text.startsWith("*");
        boolean prefix = text.endsWith("*");
        String rest = text.substring(suffix ? 1 : 0, prefix ? text.length() - 1 : text.length());
        if (text.isEmpty() || suffix && prefix || rest.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "pattern: %s (expected: text, text*, *text or *, one * at one end)".formatted(text));
        }
        if (suffix) {
            return new Suffix(rest);
        }
        return prefix ? new Prefix(rest) : new Exact(rest);
    }

    /** Whether {@code text} fits; an empty text, which stands for "nobody", fits nothing. */
    default boolean matches(String text) {
        return !text.isEmpty()
                && switch (this) {
                    case Exact exact -> text.equals(exact.text());
                    case Prefix prefix -> text.startsWith(prefix.text());
                    case Suffix suffix -> text.endsWith(suffix.text());
                    case Presence present -> true;
                };
    }
}
