/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One minute of it; {@code tests/bin/rotation} runs three, with SVIDs of ten seconds. */
final class RotationTest {

    private static final Duration TIME = Duration.ofSeconds(75);

    /** Not the shortest: a build machine that does other work stalls for seconds. Two of them pass before a root is forced out. */
    private static final Duration SVID = Duration.ofSeconds(15);

    @Test
    @DisplayName(
            "roots are replaced by schedule and by force under load: no call and no handshake fails, long calls end"
                    + " only with their root")
    void nothingFails() {
        RotationUnderLoad.Result result = RotationUnderLoad.run(TIME, SVID, System.out);

        assertThat(result.findings()).isEmpty();
        assertThat(result.handshakes()).isPositive();
        assertThat(result.calls()).isPositive();
        assertThat(result.rootsGone()).isPositive();
    }
}
