/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import static io.hanse.proxy.testing.Mesh.echoed;
import static io.hanse.proxy.testing.Mesh.isReset;
import static io.hanse.proxy.testing.Nouns.API;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.WorkloadApiClient;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Two node proxies of one cluster that start again while no control plane is there, and never was in their time. */
final class LastGoodTest {

    private static final String CLIENT = "127.0.33.1";
    private static final String SERVER = "127.0.33.2";
    private static final String GUEST = "127.0.33.3";
    private static final AuthorizationPolicy ONLY_FRONTEND = Nouns.allow("only-frontend", Nouns.FRONTEND);

    private final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    private final TestAuthority bergen = TestAuthority.of("bergen.example");
    private final int door = Mesh.freePort();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path folder;

    private ServerSocket application;
    private KeptNode a;
    private KeptNode b;

    @BeforeEach
    void bothRanBefore() throws Exception {
        Files.writeString(folder.resolve("cluster.yaml"), """
            cluster: lubeck
            trustDomain: lubeck.example
            address: 127.0.33.9
            node-proxy:
              hbonePort: %d
            """.formatted(Mesh.freePort()));
        application = new ServerSocket(0, 16, Nouns.ip(SERVER));
        Thread.ofVirtual().start(this::sayEverythingBack);
        a = new KeptNode(folder, "a");
        b = new KeptNode(folder, "b");
        for (KeptNode each : List.of(a, b)) {
            each.ranBefore(lubeck, TestAuthority.bundles(lubeck, bergen), image());
        }
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void stop() throws Exception {
        root().detachAppender(log);
        a.close();
        b.close();
        application.close();
    }

    @Test
    @DisplayName("catalog, policies, bundles, relationships and SVIDs of before serve calls between two nodes, and"
            + " workloads")
    void servesWhatWasKnown() throws Exception {
        b.start();
        a.start();

        assertThat(a.readiness.unfinished()).isEmpty();
        try (Socket call = dial(CLIENT)) {
            assertThat(echoed(call, "over two nodes")).isEqualTo("over two nodes");
        }
        Until.holds(() -> b.callers("istio.tcp.connections.closed", "OK").contains(Nouns.FRONTEND.toString()));
        try (Socket call = dial(GUEST)) {
            call.getOutputStream().write('x');
            assertThat(isReset(call)).isTrue();
        }
        assertThat(b.callers("istio.tcp.connections.failed", "DENIED_BY_POLICY"))
                .containsExactly(Nouns.GUEST.toString());
        assertThat(json(a, "/v1/peers")).contains("bergen.example");
        try (WorkloadApiClient client =
                DefaultWorkloadApiClient.newClient(DefaultWorkloadApiClient.ClientOptions.builder()
                        .spiffeSocketPath("unix:" + folder.resolve("sockets/a/shop.client.sock"))
                        .build())) {
            var context = client.fetchX509Context();
            assertThat(context.getDefaultSvid().getSpiffeId()).hasToString(Nouns.FRONTEND.toString());
            assertThat(context.getX509BundleSet().getBundles()).hasSize(2);
        }
    }

    @ParameterizedTest(
            name = "a {0} that is not what was written is ignored, with a line that names it, and the rest serves")
    @ValueSource(strings = {"catalog.bin", "bundles.bin", "relationships.bin", "own-svid.pem", "svids"})
    void ignoresWhatADiskHasSpoiled(String name) throws Exception {
        Path file = name.equals("svids") ? only(a.state.resolve(name)) : a.state.resolve(name);
        byte[] good = Files.readAllBytes(file);
        for (byte[] content : spoiled(file, good)) {
            log.list.clear();
            Files.write(file, content);
            try (KeptNode again = new KeptNode(folder, "a")) {
                again.start();
                assertThat(json(again, "/v1/status")).contains("\"node\":\"a\"");
            }
            assertThat(List.copyOf(log.list))
                    .as("log lines about %s with %d bytes", file, content.length)
                    .anySatisfy(line -> {
                        assertThat(line.getFormattedMessage()).contains("ignored");
                        assertThat(String.valueOf(line.getKeyValuePairs())).contains(file.toString());
                    });
        }
    }

    private static List<byte[]> spoiled(Path file, byte[] good) {
        List<byte[]> all =
                new ArrayList<>(List.of(Arrays.copyOf(good, good.length / 2), new byte[0], new byte[good.length]));
        if (!file.toString().endsWith(".pem")) {
            // A certificate in which a bit is bent is read, and every peer refuses it.
            byte[] bent = good.clone();
            bent[good.length / 2] ^= 1;
            all.add(bent);
        }
        return all;
    }

    private CatalogImage image() {
        Workload client = Nouns.workload("lubeck/client", CLIENT)
                .as("frontend")
                .on("a")
                .serving(Nouns.LEDGER)
                .out(new HostPort(CLIENT, door), API, 80)
                .make();
        Workload guest = Nouns.workload("lubeck/guest", GUEST)
                .as("guest")
                .on("a")
                .serving(Nouns.LEDGER)
                .out(new HostPort(GUEST, door), API, 80)
                .make();
        Workload server = Nouns.workload("lubeck/server", SERVER)
                .on("b")
                .serving(API, new ServicePort("", 80, application.getLocalPort()))
                .guardedBy(ONLY_FRONTEND)
                .make();
        return CatalogImage.of(
                List.of(Nouns.service(API, true)), List.of(client, guest, server), List.of(ONLY_FRONTEND));
    }

    private Socket dial(String address) throws Exception {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(Nouns.ip(address), door));
        socket.setSoTimeout((int) Until.DEADLINE.toMillis());
        return socket;
    }

    private void sayEverythingBack() {
        while (!application.isClosed()) {
            try (Socket call = application.accept()) {
                call.getInputStream().transferTo(call.getOutputStream());
            } catch (java.io.IOException e) {
                // The caller left, or the test has ended.
            }
        }
    }

    private static String json(KeptNode node, String path) {
        Reply reply = node.control.call("GET", path, Map.of(), "");
        assertThat(reply).isInstanceOf(Reply.Json.class);
        return new String(Json.bytes(((Reply.Json) reply).value()), StandardCharsets.UTF_8);
    }

    private static Path only(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().findFirst().orElseThrow();
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger("io.hanse");
    }
}
