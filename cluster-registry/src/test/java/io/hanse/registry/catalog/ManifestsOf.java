/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.registry.source.DirectorySource;
import io.hanse.registry.source.Manifests;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Manifests read from YAML the way the process reads them. */
public final class ManifestsOf {

    private ManifestsOf() {}

    /** What one file with this text declares. */
    public static Manifests yaml(String text) {
        try {
            Path directory = Files.createTempDirectory("manifests");
            Files.writeString(directory.resolve("all.yaml"), text);
            AtomicReference<Manifests> read = new AtomicReference<>(Manifests.NONE);
            try (DirectorySource source = new DirectorySource(
                    directory,
                    directory.resolve(".last"),
                    new ManualScheduler(new ManualClock(Instant.parse("2026-11-01T00:00:00Z"))))) {
                source.start(read::set);
            }
            return read.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A service of namespace shop, selecting {@code app: <name>}. */
    public static String service(String name, String annotations) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: shop
                  annotations: {%s}
                spec:
                  clusterIP: 127.200.0.%d
                  selector: {app: %s}
                  ports: [{port: 80, targetPort: 8080}]
                """.formatted(name, annotations, 1 + Math.floorMod(name.hashCode(), 250), name);
    }

    /** A workload of namespace shop with label {@code app: <app>}, on node n1. */
    public static String workload(String name, String app, String address) {
        return """
                ---
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: %s, namespace: shop, labels: {app: %s}}
                spec:
                  node: n1
                  address: %s
                  serviceAccount: %s
                  selectors: ["uid:1000"]
                """.formatted(name, app, address, app);
    }
}
