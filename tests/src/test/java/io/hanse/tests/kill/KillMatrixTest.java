/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A slice of the matrix; {@code tests/bin/kill-matrix} runs all of it. */
final class KillMatrixTest {

    private static final int STEPS = 12;

    @Test
    @DisplayName(
            "kill -9 of every process at a third of the steps, three at each step: nothing accepted is lost, no call"
                    + " that did not need it fails")
    void nothingAcceptedIsLost() {
        KillMatrix.Result result =
                KillMatrix.run("bergen", KillMatrix.SLICE_STORIES, KillMatrix.SLICE_STRIDE, System.out);

        assertThat(result.findings()).isEmpty();
        assertThat(result.kills()).isEqualTo(KillMatrix.SLICE_STORIES * STEPS);
    }
}
