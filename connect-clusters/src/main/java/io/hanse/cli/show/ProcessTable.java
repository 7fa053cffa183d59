/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What runs: one line per process, from what each answers to {@code GET /v1/process}. */
public final class ProcessTable {

    private ProcessTable() {}

    /** The table; roles of one JVM show the same process id. */
    public static Table of(List<JsonNode> processes) {
        Table table = new Table("ROLE", "PID", "READY", "LISTENS", "IDENTITY");
        for (JsonNode process : processes) {
            boolean ready = process.path("ready").asBoolean();
            table.row(
                    process.path("role").asText("?"),
                    process.path("pid").asText("?"),
                    new Table.Cell(ready ? "yes" : "no", ready ? Tone.GOOD : Tone.BAD),
                    addresses(process.path("addresses")),
                    process.path("identity").asText("-"));
        }
        return table;
    }

    private static String addresses(JsonNode addresses) {
        String text = StreamSupport.stream(addresses.spliterator(), false)
                .map(address -> address.path("wire").asText() + " "
                        + address.path("address").asText())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "-" : text;
    }
}
