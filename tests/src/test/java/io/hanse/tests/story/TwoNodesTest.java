/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.directory.Role;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Backend;
import io.hanse.tests.cluster.Call;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import io.hanse.tests.cluster.KeepLogs;
import io.hanse.tests.cluster.Manifests;
import io.hanse.tests.cluster.Settings;
import io.hanse.tests.cluster.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** One cluster on two nodes: who calls is seen on the other node, in plain text it is nobody, and a node needs no master. */
@ExtendWith(KeepLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoNodesTest {

    private static final int API = 0;
    private static final int OPEN = 1;
    private static final int FRONTEND = 2;
    private static final int GUEST = 3;
    private static final int PLAIN_PORT = 9080;

    private final World world = World.make("two-nodes");
    private final Cluster lubeck = world.add(Settings.named("lubeck").nodes(2));

    @BeforeAll
    void start() {
        Manifests manifests = lubeck.manifests();
        manifests.service("api", Map.of());
        manifests.backend("api-b", "api", "b", lubeck.workload(API));
        manifests.onlyFrom("api", lubeck.principal("frontend"));
        manifests.caller("frontend", "a", lubeck.workload(FRONTEND), "api");
        manifests.caller("guest", "a", lubeck.workload(GUEST), "api");
        manifests.write("workload-open.yaml", """
            apiVersion: hanse.io/v1alpha1
            kind: Workload
            metadata: {name: open, namespace: shop, labels: {app: open}}
            spec:
              node: b
              serviceAccount: open
              address: %1$s
              inbound:
                - {listen: "%1$s:%2$d", port: %3$d}
            """.formatted(lubeck.workload(OPEN), PLAIN_PORT, Manifests.BACKEND_PORT));
        world.owns(Backend.start("api on b", lubeck.workload(API)));
        world.owns(Backend.start("open on b", lubeck.workload(OPEN)));
        world.start();
        Await.until("frontend's call is answered", () -> call(FRONTEND).isFrom("api on b"));
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    @Order(1)
    @DisplayName(
            "node b's proxy sees the caller's own ID from node a: frontend is let in, guest refused by the policy's"
                    + " name")
    void policySeesWhoCallsFromTheOtherNode() {
        long mark = nodeB().accessLog().mark();
        assertThat(call(FRONTEND).isFrom("api on b")).isTrue();
        assertThat(call(GUEST)).isInstanceOf(Call.Failed.class);
        assertLogged(
                mark, line -> is(line, "src.identity", lubeck.spiffeId("frontend")) && is(line, "reason_code", "OK"));
        assertLogged(
                mark,
                line -> is(line, "src.identity", lubeck.spiffeId("guest"))
                        && is(line, "reason_code", "DENIED_BY_POLICY")
                        && is(line, "policy", "shop/only-api"));
    }

    @Test
    @Order(2)
    @DisplayName("a plain call to a strict workload, which is the default, is reset: PLAINTEXT_REFUSED")
    void strictRefusesPlainText() {
        assertPlainRefused();
    }

    @Test
    @Order(3)
    @DisplayName("a PeerAuthentication makes one workload permissive: a plain call gets through, in nobody's name")
    void permissiveTakesPlainText() {
        FileTime before = kept();
        peerAuthentication("PERMISSIVE");
        Await.until("a plain call is answered", () -> plain().isFrom("open on b"));
        Await.until("the proxy has kept it", () -> !kept().equals(before));
        long mark = nodeB().accessLog().mark();
        assertThat(plain().isFrom("open on b")).isTrue();
        assertLogged(
                mark,
                line -> line.path("plaintext").asBoolean()
                        && is(line, "reason_code", "OK")
                        && is(line, "dst.identity", lubeck.spiffeId("open"))
                        && line.path("src.identity").isMissingNode());
        assertThat(call(GUEST)).as("the other workload stays as it was").isInstanceOf(Call.Failed.class);
    }

    @Test
    @Order(4)
    @DisplayName("strict again: the next plain call is refused")
    void strictAgain() {
        FileTime before = kept();
        peerAuthentication("STRICT");
        Await.until("a plain call is refused", () -> plain() instanceof Call.Failed);
        // Who is killed within a few hundredths of a second, and its registry too, starts from what was before.
        Await.until("the proxy has kept it", () -> !kept().equals(before));
        assertPlainRefused();
    }

    @Test
    @Order(5)
    @DisplayName(
            "node b's proxy is killed and starts from what it kept, while there is no control plane: same calls, same"
                    + " rules")
    void startsAgainWithoutAControlPlane() {
        ClusterProcess master = lubeck.process(Role.CONTROL_PLANE);
        master.kill();
        nodeB().kill();
        assertThat(call(FRONTEND)).as("nobody takes calls on node b").isInstanceOf(Call.Failed.class);

        nodeB().start();

        Await.until("frontend's call is answered", () -> call(FRONTEND).isFrom("api on b"));
        assertThat(call(GUEST)).isInstanceOf(Call.Failed.class);
        assertPlainRefused();
        assertThat(nodeB().isReady(Role.NODE_PROXY)).isTrue();
        assertThat(master.isAlive()).isFalse();
    }

    private void assertPlainRefused() {
        long mark = nodeB().accessLog().mark();
        assertThat(plain()).isInstanceOf(Call.Failed.class);
        assertLogged(mark, line -> line.path("plaintext").asBoolean() && is(line, "reason_code", "PLAINTEXT_REFUSED"));
    }

    private void assertLogged(long mark, Predicate<JsonNode> line) {
        assertThat(nodeB().accessLog().await(mark, line))
                .as("a line of " + nodeB().log())
                .isPresent();
    }

    private static boolean is(JsonNode line, String key, String value) {
        return line.path(key).asText().equals(value);
    }

    private void peerAuthentication(String mode) {
        lubeck.manifests().write("peer-authentication.yaml", """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: open, namespace: shop}
            spec:
              selector: {matchLabels: {app: open}}
              mtls: {mode: %s}
            """.formatted(mode));
    }

    private FileTime kept() {
        try {
            return Files.getLastModifiedTime(nodeB().ownSvid(Role.NODE_PROXY).resolveSibling("catalog.bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Call call(int place) {
        return Call.get(lubeck.listener(place, 0));
    }

    private Call plain() {
        return Call.get(new InetSocketAddress(lubeck.workload(OPEN), PLAIN_PORT));
    }

    private ClusterProcess nodeB() {
        return lubeck.node("b");
    }
}
