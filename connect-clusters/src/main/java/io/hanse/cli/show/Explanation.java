/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The way of a call, link by link, from node-proxy's {@code GET /v1/explain}. */
public final class Explanation {

    private static final int NAME_COLUMN = 11;

    private Explanation() {}

    /** Whether the call would connect. */
    public static boolean connects(JsonNode answer) {
        return "OK".equals(answer.path("reason").asText());
    }

    /** A line per link up to the first broken one, then the verdict and, where it is broken, the fix. */
    public static List<String> lines(JsonNode answer, Screen screen) {
        List<String> lines = new ArrayList<>();
        JsonNode links = answer.path("links");
        int width = 0;
        for (JsonNode link : links) {
            width = Math.max(width, link.path("detail").asText("").length());
        }
        for (JsonNode link : links) {
            boolean fine = link.path("ok").asBoolean();
            String detail = link.path("detail").asText("");
            lines.add(" " + pad(link.path("name").asText("?"), NAME_COLUMN) + pad(detail, width + 3)
                    + screen.tinted(fine ? Tone.GOOD : Tone.BAD, fine ? "ok" : "broken"));
            if (!fine) {
                break;
            }
        }
        String reason = answer.path("reason").asText("?");
        if (connects(answer)) {
            lines.add(" would connect, reason code " + reason);
        } else {
            lines.add(" would be refused, reason code " + reason);
            String next = answer.path("next").asText("");
            if (!next.isEmpty()) {
                lines.add(" Next: " + next);
            }
        }
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
