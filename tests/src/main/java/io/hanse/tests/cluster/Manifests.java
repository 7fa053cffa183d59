/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The YAML of a cluster, written as an operator would: each file appears as a whole or not at all. */
public final class Manifests {

    /** Where a backend listens, on its workload's address. */
    public static final int BACKEND_PORT = 8080;

    /** The first outbound listener of a caller, on its own address; further services get the next ports. */
    public static final int OUTBOUND_PORT = 8081;

    private final Path folder;

    Manifests(Path folder) {
        this.folder = folder;
    }

    /** Writes a file. */
    public void write(String name, String text) {
        try {
            Path temporary = folder.resolve("." + name + ".tmp");
            Files.writeString(temporary, text);
            Files.move(
                    temporary,
                    folder.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a file, if it is there. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code shop/<name>} in {@code service-<name>.yaml}, served by workloads with the label {@code app: <name>}. */
    public void service(String name, Map<String, String> annotations) {
        String lines = new TreeMap<>(annotations)
                .entrySet().stream()
                        .map(entry -> "\"%s\": \"%s\"".formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
        write("service-" + name + ".yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: shop, annotations: {%2$s}}
                spec:
                  selector: {app: %1$s}
                  ports: [{port: 80, targetPort: %3$d}]
                """.formatted(name, lines, BACKEND_PORT));
    }

    /** {@code shop/<name>}, shared with peers. */
    public void globalService(String name) {
        service(name, Map.of("hanse.io/global", "true"));
    }

    /** A process that serves {@code shop/<app>}, in {@code workload-<name>.yaml}; its service account is the app. */
    public void backend(String name, String app, String node, String address) {
        write("workload-" + name + ".yaml", """
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: %1$s, namespace: shop, labels: {app: %2$s}}
                spec: {node: %3$s, serviceAccount: %2$s, address: %4$s}
                """.formatted(name, app, node, address));
    }

    /** A process that calls services of {@code shop}, the first at {@value #OUTBOUND_PORT}, the second at the next port. */
    public void caller(String name, String node, String address, String... services) {
        StringBuilder outbound = new StringBuilder();
        for (int i = 0; i < services.length; i++) {
            outbound.append("    - {listen: \"%s:%d\", service: shop/%s, port: 80}\n"
                    .formatted(address, OUTBOUND_PORT + i, services[i]));
        }
        write("workload-" + name + ".yaml", """
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: %1$s, namespace: shop}
                spec:
                  node: %2$s
                  serviceAccount: %1$s
                  address: %3$s
                  outbound:
                %4$s""".formatted(name, node, address, outbound));
    }

    /** Only these callers, each {@code <trust domain>/ns/shop/sa/<account>}, may call {@code shop/<app>}. */
    public void onlyFrom(String app, String... principals) {
        write("policy-" + app + ".yaml", """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: only-%1$s, namespace: shop}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  action: ALLOW
                  rules:
                    - from: [{source: {principals: [%2$s]}}]
                """.formatted(app, '"' + String.join("\", \"", principals) + '"'));
    }
}
