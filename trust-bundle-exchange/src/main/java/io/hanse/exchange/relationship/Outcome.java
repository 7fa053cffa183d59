/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.model.reason.ReasonCode;

/** What came of something asked for. */
public sealed interface Outcome<T> {

    /** It was done. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It was not done, and nothing was changed.
     *
     * @param code for programs
     * @param reason what exactly is wrong, for log and answer; often the same word
     * @param text what is wrong, where, and the usual cause: one or two sentences
     * @param next the command or act that comes next
     */
    record Refused<T>(RefusalCode code, ReasonCode reason, String text, String next) implements Outcome<T> {

        /** A refusal whose code says it all. */
        public Refused(RefusalCode code, String text, String next) {
            this(code, code.reason(), text, next);
        }

        /** The same refusal of something else. */
        public <R> Refused<R> cast() {
            return new Refused<>(code, reason, text, next);
        }
    }
}
