/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {

    record Thing(String name, Instant at, Duration pause, Optional<String> note, List<String> words, int count) {}

    @Test
    void writesTimesAsTextAndLeavesTheAbsentOut() {
        Thing thing = new Thing(
                "x", Instant.parse("2026-01-02T03:04:05Z"), Duration.ofSeconds(90), Optional.empty(), List.of(), 1);

        assertThat(Json.text(thing))
                .isEqualTo(
                        "{\"name\":\"x\",\"at\":\"2026-01-02T03:04:05Z\",\"pause\":\"PT1M30S\",\"words\":[],\"count\":1}");
    }

    @Test
    void readsWhatItWrote() throws JsonProcessingException {
        Thing thing = new Thing("x", Instant.EPOCH, Duration.ZERO, Optional.of("n"), List.of("a"), 1);

        assertThat(Json.read(Json.bytes(thing), Thing.class)).isEqualTo(thing);
    }

    @Test
    void refusesWhatItDoesNotKnowRepeatsTrailsOrMisses() {
        refuses("{\"name\":\"x\",\"count\":1,\"surprise\":1}");
        refuses("{\"name\":\"x\",\"count\":1,\"name\":\"y\"}");
        refuses("{\"name\":\"x\",\"count\":1} {}");
        refuses("{\"name\":\"x\",\"count\":null}");
        refuses("null");
        refuses("not json");
        refuses("[".repeat(100_000));
    }

    private static void refuses(String json) {
        assertThatThrownBy(() -> Json.read(json.getBytes(StandardCharsets.UTF_8), Thing.class))
                .as(json.substring(0, Math.min(60, json.length())))
                .isInstanceOf(JsonProcessingException.class);
    }
}
