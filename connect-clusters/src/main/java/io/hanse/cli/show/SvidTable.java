/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** The SVIDs a node proxy holds, from its {@code GET /v1/workloads}. */
public final class SvidTable {

    private SvidTable() {}

    /** One line per workload. */
    public static Table of(JsonNode workloads, Times times) {
        Table table = new Table("SPIFFE ID", "EXPIRES", "SERIAL", "AUTHORITY");
        for (JsonNode workload : workloads) {
            JsonNode svid = workload.path("svid");
            boolean held = svid.path("expiresAt").isTextual();
            table.row(
                    workload.path("spiffeId").asText("?"),
                    held
                            ? new Table.Cell(
                                    times.relative(
                                            Instant.parse(svid.path("expiresAt").asText())),
                                    Tone.PLAIN)
                            : new Table.Cell("none yet", Tone.DOUBTFUL),
                    svid.path("serial").asText("-"),
                    svid.path("authority").asText("-"));
        }
        return table;
    }
}
