/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.reason;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Failures in words for a log line or a person, also those that say nothing themselves. Any thread. */
public final class InWords {

    /** What ends a line, is obeyed by a terminal or turns around what is read; not all of it is a control character. */
    private static final Pattern NOT_FOR_SHOW = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** A few lines of a terminal: others' words must not push ours out of sight. */
    private static final int MOST_CHARACTERS = 1000;

    private InWords() {}

    /** What somebody else said, as one line of bounded length that a log or a terminal can show. */
    public static String plain(String said) {
        String shown = said.length() <= MOST_CHARACTERS ? said : said.substring(0, MOST_CHARACTERS) + "...";
        return NOT_FOR_SHOW.matcher(shown).replaceAll("?");
    }

    /** The failure's message; if it has none, what its class is called. Never empty. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        if (failure instanceof ClosedChannelException) {
            return "connection closed";
        }
        String name = failure.getClass().getSimpleName().replaceFirst("(?<=.)(Exception|Error)$", "");
        return name.isEmpty()
                ? failure.getClass().getName()
                : name.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT);
    }
}
