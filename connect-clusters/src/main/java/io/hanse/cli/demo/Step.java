/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import java.time.Duration;

/**
 * One claim of the demo.
 *
 * @param name one word
 * @param proof does it, checks it, and says what was seen
 */
record Step(String name, Proof proof) {

    /** Does something and checks that it was so. */
    @FunctionalInterface
    interface Proof {
        /** What was seen, for people: what it means, in one line. */
        String show() throws StepFailed;
    }

    /** How it went. */
    record Result(String name, boolean held, String shown, Duration took) {}
}
