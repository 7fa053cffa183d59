/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two connected clusters with three nodes: {@code near} has the caller on node a and a backend on node b, {@code far} has
 * a backend on node a. So a call within one cluster passes two proxies, as it does between two machines.
 */
final class Clusters implements AutoCloseable {

    private static final int BACKEND_PORT = 8090;
    private static final int NEAR_LISTENER = 8091;
    private static final int FAR_LISTENER = 8092;
    private static final int NODE_B = 4;
    private static final int CALLER = 101;
    private static final int BACKEND = 102;
    private static final Duration READY_DEADLINE = Duration.ofMinutes(2);

    private final Product product;
    private final Path near;
    private final Path far;
    private final List<Process> processes = new ArrayList<>();

    private Clusters(Product product, Path folder) {
        this.product = product;
        this.near = folder.resolve("near");
        this.far = folder.resolve("far");
    }

    /** Makes them in {@code folder}, starts and connects them; when this returns every process is ready. */
    static Clusters start(Product product, Path folder) throws IOException, InterruptedException {
        Clusters clusters = new Clusters(product, folder);
        try {
            clusters.start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            clusters.close();
            throw e;
        }
        return clusters;
    }

    private void start() throws IOException, InterruptedException {
        for (Path cluster : List.of(near, far)) {
            product.run("init", name(cluster), "--dir", cluster.toString());
        }
        Files.writeString(
                near.resolve("cluster.yaml"),
                "\nnode-proxy-b:\n  node: b\n  metrics: %s:15020\n".formatted(address(near, NODE_B)),
                StandardOpenOption.APPEND);
        for (Path cluster : List.of(near, far)) {
            processes.add(product.start(cluster.resolve("log").resolve("run.log"), "run", "--dir", cluster.toString()));
        }
        for (Path cluster : List.of(near, far)) {
            for (String each : List.of("control-plane", "east-west-gateway", "node-proxy-a")) {
                member(cluster, each).awaitReady(READY_DEADLINE);
            }
        }
        startNodeB();
        Path invitation = near.resolve("invitation");
        Files.writeString(invitation, product.run("invite", name(near), "--dir", far.toString(), "-o", "json"));
        Files.writeString(
                invitation,
                new ObjectMapper()
                        .readTree(invitation.toFile())
                        .path("invitation")
                        .asText());
        product.run("accept", "@" + invitation, "--dir", near.toString());
        writeManifests();
        processes.add(QuickBackend.launch(
                near.resolve("log").resolve("backend.log"),
                BACKEND_PORT,
                address(near, BACKEND),
                address(far, BACKEND)));
    }

    /** The second node's proxy, started as the command starts the first one's. */
    private void startNodeB() throws IOException, InterruptedException {
        String token = near.resolve("run/join/node-proxy-b.token").toString();
        product.run("join-token", "--node", "b", "--file", token, "--dir", near.toString());
        List<String> command = new ArrayList<>(
                ProcFacts.commandLine(member(near, "node-proxy-a").pid()));
        command.addAll(List.of("--node", "b"));
        processes.add(Member.launch(command, near.resolve("log").resolve("node-proxy-b.log")));
        member(near, "node-proxy-b").awaitReady(READY_DEADLINE);
    }

    /** A process of the product. */
    Member member(Path cluster, String instance) throws IOException, InterruptedException {
        // The three roles of the control plane share a process; the one that is ready last speaks for it.
        String file = instance.equals("control-plane") ? "cluster-registry" : instance;
        return Member.of(
                name(cluster) + " " + instance, cluster.resolve("run").resolve(file + ".json"), READY_DEADLINE);
    }

    /** Every process of both clusters. */
    List<Member> members() throws IOException, InterruptedException {
        return List.of(
                member(near, "node-proxy-a"),
                member(near, "node-proxy-b"),
                member(far, "node-proxy-a"),
                member(far, "east-west-gateway"),
                member(far, "control-plane"));
    }

    Way direct() throws IOException {
        return new Way("direct", new InetSocketAddress(address(near, BACKEND), BACKEND_PORT), List.of());
    }

    Way oneCluster() throws IOException, InterruptedException {
        return way("one cluster", NEAR_LISTENER, member(near, "node-proxy-a"), member(near, "node-proxy-b"));
    }

    Way across() throws IOException, InterruptedException {
        return way(
                "across",
                FAR_LISTENER,
                member(near, "node-proxy-a"),
                member(far, "east-west-gateway"),
                member(far, "node-proxy-a"));
    }

    private Way way(String name, int listener, Member... members) throws IOException {
        List<Way.Proxy> proxies = new ArrayList<>();
        for (Member each : members) {
            proxies.add(new Way.Proxy(each.name(), each.pid(), each.metrics()));
        }
        return new Way(name, new InetSocketAddress(address(near, CALLER), listener), proxies);
    }

    /** Ends a process and starts it again; returns how many seconds it took to be ready. */
    double restart(Member member) throws IOException, InterruptedException {
        return member.restart(near.resolve("log").resolve("restarted.log"), processes::add);
    }

    @Override
    public void close() {
        processes.reversed().forEach(Process::destroy);
        for (Process each : processes.reversed()) {
            try {
                if (!each.waitFor(30, TimeUnit.SECONDS)) {
                    each.destroyForcibly();
                }
            } catch (InterruptedException e) {
                each.destroyForcibly();
                Thread.currentThread().interrupt();
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
        write(near, "bench-near.yaml", service("bench-near", false) + backend("bench-near", near, "b"));
        write(near, "bench-far.yaml", service("bench-far", true));
        write(far, "bench-far.yaml", service("bench-far", true) + backend("bench-far", far, "a"));
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

    private static String backend(String name, Path cluster, String node) throws IOException {
        return """
            ---
            apiVersion: hanse.io/v1alpha1
            kind: Workload
            metadata: {name: %1$s-1, namespace: shop, labels: {app: %1$s}}
            spec: {node: %2$s, serviceAccount: %1$s, address: %3$s}
            """.formatted(name, node, address(cluster, BACKEND));
    }

    private static void write(Path cluster, String name, String text) throws IOException {
        Path temporary = cluster.resolve("manifests").resolve("." + name + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, cluster.resolve("manifests").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String name(Path cluster) {
        return String.valueOf(cluster.getFileName());
    }

    /** An address of the cluster's own loopback range, which its control plane's is in too. */
    static String address(Path cluster, int last) throws IOException {
        String line = Files.readAllLines(cluster.resolve("cluster.yaml")).stream()
                .filter(each -> each.startsWith("address: 127."))
                .findFirst()
                .orElseThrow(() -> new IOException(cluster + "/cluster.yaml has no loopback address"));
        return line.substring("address: ".length(), line.lastIndexOf('.') + 1) + last;
    }
}
