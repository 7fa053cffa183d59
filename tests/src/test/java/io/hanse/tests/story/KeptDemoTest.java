/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.run.Child;
import io.hanse.cli.run.Installation;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Installed;
import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.jwtsvid.JwtSvid;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.WorkloadApiClient;
import io.spiffe.workloadapi.X509Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two connected clusters, left running by {@code demo --keep}, looked at with other people's tools. Meanwhile their event
 * loops are watched for what blocks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KeptDemoTest {

    private static final Duration CALL = Duration.ofSeconds(20);
    private static final TrustDomain LUBECK = TrustDomain.parse("lubeck.example");
    private static final TrustDomain BERGEN = TrustDomain.parse("bergen.example");
    private static final int URI_NAME = 6;

    private final Path work;
    private final Path folder;
    private final LoopAgent watch;
    private final Child demo;
    private final JsonNode document;

    KeptDemoTest(@TempDir Path work) throws IOException {
        this.work = work;
        this.folder = work.resolve("demo");
        Path file = folder.resolve("demo.json");
        Path output = work.resolve("out");
        this.watch = new LoopAgent(work.resolve("watch"));
        this.demo = Installed.start(
                output,
                Map.of(Installation.OPTIONS_VARIABLE, String.join(" ", watch.flags())),
                "demo",
                "--keep",
                "--dir",
                folder.toString());
        try {
            Await.until("demo.json is written", Installed.PATIENCE, () -> Files.exists(file) || !demo.isAlive());
            assertThat(demo.isAlive()).as(Files.readString(output)).isTrue();
            Await.until("demo.json is whole", () -> whole(file));
            this.document = new ObjectMapper().readTree(file.toFile());
        } catch (IOException | RuntimeException | AssertionError e) {
            demo.kill();
            throw e;
        }
    }

    @BeforeAll
    void twoClusters() {
        assertThat(document.path("clusters")).hasSize(2);
    }

    @AfterAll
    void end() {
        demo.kill();
        demo.awaitEnd(CALL);
        Await.until("nothing runs", () -> Product.processesOf(folder).isEmpty());
    }

    @Test
    @Order(1)
    @DisplayName("every process that demo.json names runs")
    void everyProcessRuns() {
        List<Long> pids = pids();
        assertThat(pids).hasSize(10).allMatch(Product::runs);
        assertThat(Set.copyOf(pids)).as("separate processes").hasSize(6);
    }

    @Test
    @Order(2)
    @DisplayName("a call at frontend's listener is answered by an api-server")
    void aCallIsAnswered() throws IOException {
        assertThat(get(workload("frontend"))).startsWith("HTTP/1.1 200 ").containsPattern("api-server of \\w+");
    }

    @Test
    @Order(3)
    @DisplayName("the java-spiffe client fetches X.509-SVID, bundles of both trust domains and a JWT-SVID")
    void javaSpiffeIsServed() throws Exception {
        JsonNode frontend = workload("frontend");
        try (WorkloadApiClient client = client(frontend)) {
            X509Context context = client.fetchX509Context();
            assertThat(context.getDefaultSvid().getSpiffeId())
                    .hasToString("spiffe://lubeck.example/ns/shop/sa/frontend");
            assertThat(context.getX509BundleSet().getBundles()).containsOnlyKeys(LUBECK, BERGEN);
            assertThat(anchors(context, LUBECK)).doesNotContainAnyElementsOf(anchors(context, BERGEN));

            JwtSvid token = client.fetchJwtSvid("spiffe://bergen.example/ns/shop/sa/api-server");
            assertThat(token.getSpiffeId()).isEqualTo(context.getDefaultSvid().getSpiffeId());
            assertThat(client.fetchJwtBundles().getBundles()).containsOnlyKeys(LUBECK, BERGEN);
            JwtSvid valid = client.validateJwtSvid(token.getToken(), "spiffe://bergen.example/ns/shop/sa/api-server");
            assertThat(valid.getSpiffeId()).isEqualTo(token.getSpiffeId());
        }
    }

    @Test
    @Order(4)
    @DisplayName("each bundle endpoint shows its SPIFFE ID and gives a SPIFFE bundle")
    void bundleEndpointsServe() throws Exception {
        try (WorkloadApiClient client = client(workload("frontend"))) {
            X509Context context = client.fetchX509Context();
            for (JsonNode cluster : document.path("clusters")) {
                TrustDomain domain =
                        TrustDomain.parse(cluster.path("trustDomain").asText());
                JsonNode bundle = bundle(cluster.path("bundleEndpoint"), anchors(context, domain));
                assertThat(bundle.path("spiffe_sequence").asLong()).isPositive();
                assertThat(elements(bundle.path("keys"))
                                .map(key -> key.path("use").asText()))
                        .contains("x509-svid", "jwt-svid");
            }
        }
    }

    @Test
    @Order(5)
    @DisplayName("status and explain find everything in order")
    void theCommandsAgree() throws IOException {
        String lubeck = document.path("clusters").path(0).path("directory").asText();
        // The control planes were killed and started again: a first poll may have found a gateway not yet ready, and
        // status says so until the next one.
        AtomicReference<Installed.Ended> status = new AtomicReference<>();
        Await.until(
                "status of lubeck is fine",
                Await.PATIENCE,
                () -> {
                    status.set(statusOf(lubeck));
                    return status.get().status() == 0;
                },
                () -> "; it says: " + status.get().output());
        assertThat(new ObjectMapper().readTree(status.get().output()).has("version"))
                .isTrue();
        Installed.Ended explain = Installed.run(
                work.resolve("explain"), "explain", "shop/frontend", "shop/api-server:80", "--dir", lubeck);
        assertThat(explain.status()).as(explain.output()).isZero();
    }

    @Test
    @Order(6)
    @DisplayName("kill -9 of the demo leaves no process behind")
    void killedDemoLeavesNothing() {
        assertThat(Product.processesOf(folder)).hasSizeGreaterThan(6);
        demo.kill();
        Await.until(
                "no process of the demo is left",
                () -> Product.processesOf(folder).isEmpty());
    }

    @Test
    @Order(7)
    @DisplayName("no process ever blocked one of its event loops")
    void noLoopWasBlocked() throws IOException {
        assertThat(watch.found()).containsKeys(pids().toArray(Long[]::new));
        assertThat(watch.found())
                .allSatisfy((pid, blocking) -> assertThat(blocking).isEmpty());
    }

    private Installed.Ended statusOf(String directory) {
        try {
            return Installed.run(work.resolve("status"), "status", "-o", "json", "--dir", directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Long> pids() {
        return elements(document.path("clusters"))
                .flatMap(cluster -> elements(cluster.path("processes")))
                .map(process -> process.path("pid").asLong())
                .toList();
    }

    private JsonNode workload(String name) {
        return elements(document.path("clusters"))
                .flatMap(cluster -> elements(cluster.path("workloads")))
                .filter(workload -> name.equals(workload.path("name").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("demo.json names no workload " + name));
    }

    private static String get(JsonNode workload) throws IOException {
        String listen = workload.path("outbound").path(0).path("listen").asText();
        int colon = listen.lastIndexOf(':');
        try (Socket socket = new Socket(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)))) {
            return exchange(socket, "api-server.shop");
        }
    }

    private static WorkloadApiClient client(JsonNode workload) throws Exception {
        String socket = "unix:" + workload.path("workloadApi").asText();
        return DefaultWorkloadApiClient.newClient(DefaultWorkloadApiClient.ClientOptions.builder()
                .spiffeSocketPath(socket)
                .build());
    }

    private static Set<X509Certificate> anchors(X509Context context, TrustDomain domain) throws Exception {
        X509Bundle bundle = context.getX509BundleSet().getBundleForTrustDomain(domain);
        return bundle.getX509Authorities();
    }

    private static JsonNode bundle(JsonNode endpoint, Set<X509Certificate> anchors)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate anchor : anchors) {
            store.setCertificateEntry(anchor.getSerialNumber().toString(), anchor);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, trust.getTrustManagers(), null);
        String[] address = endpoint.path("url")
                .asText()
                .replaceFirst("^https://([^/]*)/.*$", "$1")
                .split(":", 2);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(address[0], Integer.parseInt(address[1]))) {
            socket.startHandshake();
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertThat(leaf.getSubjectAlternativeNames())
                    .containsExactly(
                            List.of(URI_NAME, endpoint.path("endpointSpiffeId").asText()));
            String answer = exchange(socket, address[0]);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private static String exchange(Socket socket, String host) throws IOException {
        socket.setSoTimeout((int) CALL.toMillis());
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                        .formatted(host)
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static boolean whole(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile()).has("clusters");
        } catch (IOException e) {
            return false; // still being written
        }
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
