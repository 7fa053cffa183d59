/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

/** A claim of the demo that did not hold; the message says what was seen instead. */
final class StepFailed extends Exception {

    private static final long serialVersionUID = 1L;

    StepFailed(String seen) {
        super(seen);
    }

    static void unless(boolean held, String seen) throws StepFailed {
        if (!held) {
            throw new StepFailed(seen);
        }
    }
}
