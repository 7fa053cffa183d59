/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.reason;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** Failures in words for a log line or a person, also those that say nothing themselves. Any thread. */
public final class InWords {

    private InWords() {}

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
