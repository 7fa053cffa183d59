/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, as people say it. */
final class Ago {

    private Ago() {}

    static String text(Instant then, Instant now) {
        Duration ago = Duration.between(then, now);
        if (ago.toHours() > 0) {
            return ago.toHours() + " h " + ago.toMinutesPart() + " min";
        }
        return ago.toMinutes() > 0
                ? ago.toMinutes() + " min " + ago.toSecondsPart() + " s"
                : Math.max(0, ago.toSeconds()) + " s";
    }
}
