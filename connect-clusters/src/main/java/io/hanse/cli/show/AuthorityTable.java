/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** The signing authorities and their states, from spiffe-ca's {@code GET /v1/authorities}. */
public final class AuthorityTable {

    private AuthorityTable() {}

    /** One line per authority, X.509 first. */
    public static Table of(JsonNode authorities, Times times) {
        Table table = new Table("KIND", "KEY", "STATE", "EXPIRES", "READY", "VALID SVIDS");
        for (String kind : List.of("x509", "jwt")) {
            for (JsonNode authority : authorities.path(kind)) {
                String state = authority.path("state").asText("?");
                table.row(
                        kind,
                        authority.path("keyId").asText("?"),
                        new Table.Cell(state, tone(state)),
                        when(authority.path("expiresAt"), times),
                        when(authority.path("readyAt"), times),
                        authority.path("svidsValid").asText("-"));
            }
        }
        return table;
    }

    private static String when(JsonNode instant, Times times) {
        return instant.isTextual() ? times.relative(Instant.parse(instant.asText())) : "-";
    }

    private static Tone tone(String state) {
        return switch (state) {
            case "active" -> Tone.GOOD;
            case "tainted", "revoked" -> Tone.BAD;
            default -> Tone.PLAIN;
        };
    }
}
