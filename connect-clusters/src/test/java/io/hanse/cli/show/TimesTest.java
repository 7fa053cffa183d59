/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:17:00Z");
    private final Times times = new Times(InstantSource.fixed(NOW), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "PT-5S,0s",
        "PT59S,59s",
        "PT1M,1m",
        "PT9M59S,9m 59s",
        "PT10M59S,10m",
        "PT1H,1h",
        "PT5H12M,5h 12m",
        "PT24H,1d",
        "PT52H,2d 4h"
    })
    void aLengthHasItsTwoLargestUnits(Duration length, String shown) {
        assertThat(Times.length(length)).isEqualTo(shown);
    }

    @Test
    void theFutureAndThePastAreToldApart() {
        assertThat(times.relative(NOW.plusSeconds(2520))).isEqualTo("in 42m");
        assertThat(times.relative(NOW.minusSeconds(3))).isEqualTo("3s ago");
        assertThat(times.clock(NOW)).isEqualTo("14:17");
    }
}
