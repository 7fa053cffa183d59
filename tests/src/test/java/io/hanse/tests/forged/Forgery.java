/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;

/**
 * Something that is genuine but for one thing.
 *
 * @param name what was done to it
 * @param rule what that breaks: an id of shared/reference/spiffe.md, a section of an RFC, or {@code house}
 * @param expected the reason of every refusal
 * @param artefact how it is made, for whichever door it is to be shown at
 */
record Forgery<A>(String name, String rule, ReasonCode expected, A artefact) {

    @Override
    public String toString() {
        return rule + " " + name;
    }
}
