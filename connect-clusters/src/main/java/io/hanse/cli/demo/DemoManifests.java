/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The YAML of the demo's services, workloads and policies, written as an operator would write it. */
final class DemoManifests {

    /** Where the client's outbound listener is, on the client's own address. */
    static final int OUTBOUND_PORT = 8081;

    /** Where the server listens, on its own address. */
    static final int BACKEND_PORT = 8080;

    private final Path folder;

    DemoManifests(ClusterDirectory directory) {
        this.folder = directory.manifests();
    }

    /** {@code shop/api-server}, with these annotations. */
    void service(Map<String, String> annotations) {
        String lines = new TreeMap<>(annotations)
                .entrySet().stream()
                        .map(entry -> "    %s: \"%s\"\n".formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining());
        write("service.yaml", """
                apiVersion: v1
                kind: Service
                metadata:
                  name: api-server
                  namespace: shop
                %sspec:
                  selector: {app: api-server}
                  ports: [{port: 80, targetPort: %d}]
                """.formatted(lines.isEmpty() ? "" : "  annotations:\n" + lines, BACKEND_PORT));
    }

    /** A process that serves {@code shop/api-server}. */
    void backend(String address) {
        write("api-server-1.yaml", """
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata:
                  name: api-server-1
                  namespace: shop
                  labels: {app: api-server}
                spec:
                  node: %s
                  serviceAccount: api-server
                  address: %s
                """.formatted(ClusterDirectory.DEFAULT_NODE, address));
    }

    /** Takes the backend out of the catalog. */
    void removeBackend() {
        try {
            Files.deleteIfExists(folder.resolve("api-server-1.yaml"));
        } catch (IOException e) {
            throw failed("api-server-1.yaml", e);
        }
    }

    /** A process that calls {@code shop/api-server} through a listener on its own address. */
    void client(String name, String address) {
        write(name + ".yaml", """
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata:
                  name: %1$s
                  namespace: shop
                spec:
                  node: %2$s
                  serviceAccount: %1$s
                  address: %3$s
                  outbound:
                    - {listen: "%3$s:%4$d", service: shop/api-server, port: 80}
                """.formatted(name, ClusterDirectory.DEFAULT_NODE, address, OUTBOUND_PORT));
    }

    /** Only this caller may call the api-server. */
    void onlyFrom(String trustDomain, String serviceAccount) {
        write("only-frontend.yaml", """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: only-frontend
                  namespace: shop
                spec:
                  selector: {matchLabels: {app: api-server}}
                  action: ALLOW
                  rules:
                    - from: [{source: {principals: ["%s/ns/shop/sa/%s"]}}]
                """.formatted(trustDomain, serviceAccount));
    }

    /** The address of a workload by its place in the cluster's range. */
    static String address(Loopback range, int place) {
        return range.address(Loopback.FIRST_WORKLOAD + place);
    }

    private void write(String name, String text) {
        try {
            Path temporary = folder.resolve("." + name + ".tmp");
            Files.writeString(temporary, text);
            Files.move(
                    temporary,
                    folder.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    private CliFailure failed(String name, IOException e) {
        return new CliFailure(
                ExitCode.UNREACHABLE,
                "%s cannot be changed: %s".formatted(folder.resolve(name), e.getMessage()),
                "The demo cannot go on.",
                "give --dir with a folder you can write");
    }
}
