/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SigningGateTest {

    @Test
    void letsInAsManyAsItHasPlacesAndSendsTheNextAway() {
        SigningGate gate = new SigningGate(2, Duration.ofMillis(1));
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).isFalse();
        gate.leave();
        assertThat(gate.enter()).isTrue();
    }

    @Test
    void aCallerThatIsCancelledWhileItWaitsDoesNotGetIn() {
        SigningGate gate = new SigningGate(0, Duration.ofHours(1));
        Thread.currentThread().interrupt();
        assertThat(gate.enter()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }
}
