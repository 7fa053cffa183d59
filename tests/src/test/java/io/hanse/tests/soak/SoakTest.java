/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two minutes of it; {@code tests/bin/soak 1h} runs an hour. */
final class SoakTest {

    private static final Duration TIME = Duration.ofMinutes(2);

    @Test
    @DisplayName(
            "calls, handshakes, rotation, policies and a peer that comes and goes leave no process larger than before")
    void nothingGrows() {
        Soak.Result result = Soak.run(TIME, System.out);

        assertThat(result.findings()).isEmpty();
        assertThat(result.calls()).isPositive();
        assertThat(result.handshakes()).isPositive();
        assertThat(result.visits()).isPositive();
        assertThat(result.policyChanges()).isPositive();
    }
}
