/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The state of a cluster's own keys and certificates in one line. */
record AuthorityLine(StatusFacts facts) {

    String text(Times times) {
        if (facts.authorities().isMissingNode()) {
            return "roots unknown";
        }
        Map<String, Integer> states = new LinkedHashMap<>();
        for (JsonNode authority : facts.authorities().path("x509")) {
            states.merge(authority.path("state").asText("?").toLowerCase(Locale.ROOT), 1, Integer::sum);
        }
        String roots = states.entrySet().stream()
                .map(state -> state.getValue() + " " + state.getKey())
                .collect(Collectors.joining(", "));
        StringBuilder line = new StringBuilder("roots ").append(roots);
        instant(facts.ca().path("nextRotation"))
                .ifPresent(at -> line.append("   next rotation ").append(times.relative(at)));
        line.append("   SVIDs ").append(facts.workloads().size());
        StreamSupport.stream(facts.workloads().spliterator(), false)
                .flatMap(workload -> instant(workload.path("svid").path("expiresAt")).stream())
                .min(Instant::compareTo)
                .ifPresent(at -> line.append(", soonest expiry ").append(times.relative(at)));
        return line.toString();
    }

    static Optional<Instant> instant(JsonNode node) {
        return node.isTextual() ? Optional.of(Instant.parse(node.asText())) : Optional.empty();
    }
}
