/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** The bundle map, from trust-bundle-exchange's {@code GET /v1/bundles}. */
public final class BundleTable {

    private BundleTable() {}

    /** One line per trust domain. */
    public static Table of(JsonNode bundles, Times times) {
        Table table = new Table("TRUST DOMAIN", "SEQUENCE", "X.509 ROOTS", "JWT KEYS", "REFRESHED");
        for (JsonNode bundle : bundles) {
            table.row(
                    bundle.path("trustDomain").asText("?"),
                    bundle.path("sequence").asText("-"),
                    bundle.path("x509Authorities").asText("-"),
                    bundle.path("jwtAuthorities").asText("-"),
                    bundle.path("refreshedAt").isTextual()
                            ? times.ago(Instant.parse(bundle.path("refreshedAt").asText()))
                            : "-");
        }
        return table;
    }
}
