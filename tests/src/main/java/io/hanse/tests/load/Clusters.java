/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The two clusters of a kept demo, with a caller and two quick backends added to them: {@code bench-near} beside the
 * caller, {@code bench-far} in the other cluster.
 */
final class Clusters implements AutoCloseable {

    private static final int BACKEND_PORT = 8090;
    private static final int NEAR_LISTENER = 8091;
    private static final int FAR_LISTENER = 8092;
    private static final int CALLER = 101;
    private static final int BACKEND = 102;
    private static final long START_SECONDS = 240;

    private final JsonNode near;
    private final JsonNode far;
    private final Process backend;

    private Clusters(JsonNode document) throws IOException {
        this.near = document.path("clusters").path(0);
        this.far = document.path("clusters").path(1);
        this.backend = java(
                List.of("-XX:+UseSerialGC", "-Xmx64m"),
                QuickBackend.class.getName(),
                Integer.toString(BACKEND_PORT),
                address(near, BACKEND),
                address(far, BACKEND));
    }

    /** Joins a running {@code demo --keep}. */
    static Clusters join(Path folder) throws IOException {
        Clusters clusters = new Clusters(
                new ObjectMapper().readTree(folder.resolve("demo.json").toFile()));
        clusters.writeManifests();
        return clusters;
    }

    /** Starts {@code demo --keep} and waits until it is written down. */
    static Process start(Path lib, Path folder) throws IOException, InterruptedException {
        Process demo = java(
                List.of("-XX:TieredStopAtLevel=1", "-Dhanse.lib=" + lib),
                "io.hanse.cli.Main",
                "demo",
                "--keep",
                "--dir",
                folder.toString());
        for (long tenths = 0; !Files.exists(folder.resolve("demo.json")); tenths++) {
            if (demo.waitFor(100, TimeUnit.MILLISECONDS) || tenths > START_SECONDS * 10) {
                demo.destroy();
                throw new IOException("demo --keep did not get ready; try it by itself: bin/connect-clusters demo");
            }
        }
        TimeUnit.SECONDS.sleep(1); // the document is written by then
        return demo;
    }

    /** The paths to measure, by name, the yardstick first. More (a pair of other proxies) may be added here. */
    Map<String, InetSocketAddress> paths() {
        Map<String, InetSocketAddress> paths = new LinkedHashMap<>();
        paths.put("direct", new InetSocketAddress(address(far, BACKEND), BACKEND_PORT));
        paths.put("one cluster", new InetSocketAddress(address(near, CALLER), NEAR_LISTENER));
        paths.put("across", new InetSocketAddress(address(near, CALLER), FAR_LISTENER));
        return paths;
    }

    @Override
    public void close() throws IOException {
        backend.destroy();
        for (JsonNode cluster : List.of(near, far)) {
            for (String name : List.of("near", "far", "caller")) {
                Files.deleteIfExists(manifests(cluster).resolve("bench-" + name + ".yaml"));
            }
        }
    }

    private void writeManifests() throws IOException {
        write(near, "bench-caller.yaml", """
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: bench-caller, namespace: shop}
                spec:
                  node: a
                  serviceAccount: bench-caller
                  address: %1$s
                  outbound:
                    - {listen: "%1$s:%2$d", service: shop/bench-near, port: 80}
                    - {listen: "%1$s:%3$d", service: shop/bench-far, port: 80}
                """.formatted(address(near, CALLER), NEAR_LISTENER, FAR_LISTENER));
        write(near, "bench-near.yaml", service("bench-near", false) + backend("bench-near", near));
        write(near, "bench-far.yaml", service("bench-far", true));
        write(far, "bench-far.yaml", service("bench-far", true) + backend("bench-far", far));
    }

    private static String service(String name, boolean global) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %1$s
                  namespace: shop
                  annotations: {hanse.io/global: "%2$s"}
                spec:
                  selector: {app: %1$s}
                  ports: [{port: 80, targetPort: %3$d}]
                """.formatted(name, global, BACKEND_PORT);
    }

    private static String backend(String name, JsonNode cluster) {
        return """
                ---
                apiVersion: hanse.io/v1alpha1
                kind: Workload
                metadata: {name: %1$s-1, namespace: shop, labels: {app: %1$s}}
                spec: {node: a, serviceAccount: %1$s, address: %2$s}
                """.formatted(name, address(cluster, BACKEND));
    }

    private static void write(JsonNode cluster, String name, String text) throws IOException {
        Path temporary = manifests(cluster).resolve("." + name + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, manifests(cluster).resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path manifests(JsonNode cluster) {
        return Path.of(cluster.path("directory").asText(), "manifests");
    }

    /** An address of the cluster's own loopback range, which its gateway's is in too. */
    private static String address(JsonNode cluster, int last) {
        String gateway = cluster.path("gateway").asText();
        return gateway.substring(0, gateway.lastIndexOf('.') + 1) + last;
    }

    private static Process java(List<String> flags, String... mainAndArguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
        command.addAll(List.of(mainAndArguments));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
