/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The services of a cluster, from cluster-registry's {@code GET /v1/services}. */
public final class ServiceTable {

    private ServiceTable() {}

    /** One line per service. */
    public static Table of(JsonNode services) {
        Table table = new Table("SERVICE", "PORTS", "GLOBAL", "EXPORTED", "AFFINITY", "ENDPOINTS");
        for (JsonNode service : services) {
            table.row(
                    service.path("namespace").asText("?") + "/"
                            + service.path("name").asText("?"),
                    StreamSupport.stream(service.path("ports").spliterator(), false)
                            .map(port -> port.path("port").asText())
                            .collect(Collectors.joining(",")),
                    service.path("global").asBoolean() ? "yes" : "no",
                    service.path("exported").asBoolean() ? "yes" : "no",
                    service.path("affinity").asText("none").toLowerCase(java.util.Locale.ROOT),
                    endpoints(service));
        }
        return table;
    }

    /** {@code 1 here, 2 bergen}: how many endpoints are where, healthy or not. */
    private static String endpoints(JsonNode service) {
        StringBuilder text =
                new StringBuilder().append(service.path("local").size()).append(" here");
        for (JsonNode imported : service.path("imported")) {
            text.append(", ")
                    .append(imported.path("endpoints").size())
                    .append(' ')
                    .append(imported.path("cluster").asText("?"));
        }
        return text.toString();
    }

    /** Whether a remark on a manifest says that something is wrong; a notice only says what a reader may not expect. */
    public static boolean isProblem(JsonNode remark) {
        return remark.path("severity").asText("problem").equals("problem");
    }

    /** A remark on a manifest: file and line first. */
    public static String problem(JsonNode problem) {
        return "%s:%s: %s"
                .formatted(
                        problem.path("file").asText("?"),
                        problem.path("line").asText("?"),
                        problem.path("message").asText("?"));
    }
}
