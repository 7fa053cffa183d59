/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code demo.json}: where everything of a running demo is, for programs that want to talk to it. */
final class DemoDocument {

    private static final int VERSION = 1;

    private final DemoWorld world;

    DemoDocument(DemoWorld world) {
        this.world = world;
    }

    /** Writes it into the demo's folder. */
    Path write() {
        Path file = world.folder().resolve("demo.json");
        try {
            Files.writeString(file, document().toPrettyString() + "\n");
            return file;
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "%s cannot be written: %s".formatted(file, e.getMessage()),
                    "The clusters run, but where is not written down.",
                    "give --dir with a folder you can write");
        }
    }

    private ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("version", VERSION);
        ArrayNode clusters = document.putArray("clusters");
        for (DemoCluster cluster : List.of(world.lubeck(), world.bergen())) {
            clusters.add(cluster(cluster));
        }
        return document;
    }

    private static ObjectNode cluster(DemoCluster cluster) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", cluster.name());
        node.put("trustDomain", cluster.trustDomain());
        node.put("directory", cluster.directory().root().toString());
        node.put("gateway", cluster.gateway());
        node.putObject("bundleEndpoint")
                .put("url", "https://" + cluster.bundleEndpoint() + "/")
                .put("profile", "https_spiffe")
                .put(
                        "endpointSpiffeId",
                        "spiffe://" + cluster.trustDomain() + "/ns/hanse-system/sa/trust-bundle-exchange");
        ArrayNode processes = node.putArray("processes");
        for (JsonNode process : cluster.run().processes()) {
            String instance =
                    process.path("instance").asText(process.path("role").asText());
            processes
                    .addObject()
                    .put("role", process.path("role").asText())
                    .put("pid", process.path("pid").asLong())
                    .put(
                            "admin",
                            cluster.directory()
                                    .run()
                                    .resolve(instance + ".sock")
                                    .toString())
                    .put("metrics", process.path("metrics").asText())
                    .set("addresses", process.path("addresses"));
        }
        ArrayNode workloads = node.putArray("workloads");
        cluster.svids().forEach(workloads::add);
        return node;
    }
}
