/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private final PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    private final Screen screen = new Screen(nowhere, nowhere, false, false);

    @Test
    void aCallThatConnectsShowsEveryLink() throws JsonProcessingException {
        assertThat(lines("""
                {"reason":"OK","links":[
                  {"name":"client","ok":true,"detail":"spiffe://l.example/ns/shop/sa/frontend on node a"},
                  {"name":"policy","ok":true,"detail":"allowed there"}]}""")).isEqualTo("""
                         client     spiffe://l.example/ns/shop/sa/frontend on node a   ok
                         policy     allowed there                                      ok
                         would connect, reason code OK""".indent(1).stripTrailing());
    }

    @Test
    void theListStopsAtTheFirstBrokenLinkAndEndsWithTheFix() throws JsonProcessingException {
        assertThat(lines("""
                {"reason":"UNKNOWN_SERVICE","next":"connect-clusters services","links":[
                  {"name":"service","ok":false,"detail":"shop/x is not known here"},
                  {"name":"policy","ok":true,"detail":"never shown"}]}""")).isEqualTo("""
                         service    shop/x is not known here   broken
                         would be refused, reason code UNKNOWN_SERVICE
                         Next: connect-clusters services""".indent(1).stripTrailing());
    }

    private String lines(String json) throws JsonProcessingException {
        JsonNode answer = new ObjectMapper().readTree(json);
        return String.join("\n", Explanation.lines(answer, screen));
    }
}
