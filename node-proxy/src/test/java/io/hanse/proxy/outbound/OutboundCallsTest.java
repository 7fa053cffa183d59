/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import static io.hanse.proxy.testing.Nouns.API;
import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.transport.hbone.TunnelAcceptor;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Captured connections against real HBONE servers. */
@Timeout(120)
final class OutboundCallsTest {

    private static final String FAILED = "istio.tcp.connections.failed";
    private static final String CLOSED = "istio.tcp.connections.closed";

    private final Mesh mesh = new Mesh();
    private final int listen = Mesh.freePort();
    private final Workload client = Nouns.workload("lubeck/client", "127.0.3.1")
            .as("frontend")
            .serving(Nouns.LEDGER)
            .out(new HostPort("127.0.3.1", listen), API, 80)
            .make();

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    @Test
    void aCallReachesTheEndpointInTheCallersName() throws Exception {
        mesh.server(mesh.backend, "127.0.3.2", toEcho());
        try (Socket socket =
                calling(Affinity.NONE, Nouns.workload("lubeck/b", "127.0.3.2").make())) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        Until.holds(() -> mesh.counted(CLOSED, "OK") == 1);
    }

    @Test
    @DisplayName("a dead endpoint is left for the next one and no byte said meanwhile is lost; it rests afterwards")
    void theSecondEndpointIsUsedWhenTheFirstIsDead() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        TunnelAcceptor counting = request -> {
            asked.incrementAndGet();
            request.refuse(503, ReasonCode.UPSTREAM_CONNECT_FAILED);
        };
        mesh.server(mesh.backend, "127.0.3.3", counting);
        mesh.server(mesh.remoteBackend, "127.0.3.4", toEcho());
        HostPort gateway = gatewayTo("127.0.3.5", "127.0.3.4");
        String text = "x".repeat(100_000);
        try (Socket socket = calling(
                Affinity.LOCAL,
                Nouns.workload("lubeck/dead", "127.0.3.99").make(),
                Nouns.workload("lubeck/refusing", "127.0.3.3").make(),
                Nouns.workload("bergen/b").imported("0123456789abcdef", gateway).make())) {
            assertThat(Mesh.echoed(socket, text)).isEqualTo(text);
        }
        assertThat(asked).hasValue(1);
        assertThat(mesh.health.mayGoFirst("lubeck/dead")).isFalse();
        assertThat(mesh.health.mayGoFirst("lubeck/refusing")).isFalse();
        assertThat(mesh.health.mayGoFirst("bergen/b")).isTrue();
    }

    @Test
    @DisplayName("a refusal by policy is final: nobody else is asked, and the application sees a reset")
    void aRefusalByPolicyIsFinal() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        TunnelAcceptor refusing = request -> {
            asked.incrementAndGet();
            request.refuse(401, ReasonCode.DENIED_BY_POLICY, new PolicyName("shop", "only-frontend"));
        };
        mesh.server(mesh.backend, "127.0.3.2", refusing);
        mesh.server(mesh.backend, "127.0.3.3", refusing);
        try (Socket socket = calling(
                Affinity.NONE,
                Nouns.workload("lubeck/b", "127.0.3.2").make(),
                Nouns.workload("lubeck/c", "127.0.3.3").make())) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(asked).hasValue(1);
        assertThat(mesh.counted(FAILED, "DENIED_BY_POLICY")).isEqualTo(1);
        assertThat(mesh.health.mayGoFirst("lubeck/b") && mesh.health.mayGoFirst("lubeck/c"))
                .isTrue();
    }

    @Test
    @DisplayName("gateways that are down do not use up the tries that a living endpoint needs")
    void deadGatewaysLeaveATryForTheLivingEndpoint() throws Exception {
        mesh.server(mesh.backend, "127.0.3.2", toEcho());
        HostPort[] dead = {
            new HostPort("127.0.3.91", mesh.hbonePort),
            new HostPort("127.0.3.92", mesh.hbonePort),
            new HostPort("127.0.3.93", mesh.hbonePort)
        };
        Workload[] endpoints = {
            Nouns.workload("bergen/b").imported("0123456789abcdef", dead).make(),
            Nouns.workload("bergen/c").imported("0123456789abcde0", dead).make(),
            Nouns.workload("lubeck/b", "127.0.3.2").make()
        };
        try (Socket socket = calling(Affinity.REMOTE, endpoints)) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
        }
        for (HostPort gateway : dead) {
            assertThat(mesh.health.mayGoFirst(gateway)).isFalse();
        }
        assertThat(mesh.health.mayGoFirst("bergen/b")).as("nobody asked it").isTrue();
        try (Socket socket = mesh.dial("127.0.3.1", listen)) {
            assertThat(Mesh.echoed(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void anEndpointThatProvesToBeSomebodyElseIsLeft() throws Exception {
        mesh.server(mesh.remoteBackend, "127.0.3.2", toEcho());
        try (Socket socket =
                calling(Affinity.NONE, Nouns.workload("lubeck/b", "127.0.3.2").make())) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "IDENTITY_UNEXPECTED")).isEqualTo(1);
    }

    @Test
    void aServiceThatIsNotKnownOrLacksThePortIsReset() throws Exception {
        mesh.listeners(client);
        try (Socket socket = mesh.dial("127.0.3.1", listen)) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "UNKNOWN_SERVICE")).isEqualTo(1);
    }

    @Test
    void aServiceWithoutEndpointsOrWithSickOnesOnlyIsReset() throws Exception {
        try (Socket socket = calling(Affinity.NONE)) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "NO_ENDPOINT")).isEqualTo(1);
        mesh.image = image(
                Affinity.NONE, Nouns.workload("lubeck/b", "127.0.3.2").sick().make());
        try (Socket socket = mesh.dial("127.0.3.1", listen)) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "NO_HEALTHY_ENDPOINT")).isEqualTo(1);
    }

    @Test
    void anEndpointWhoseGatewaysHaveNoAddressYetIsReset() throws Exception {
        HostPort unresolved = new HostPort("gw.bergen.invalid", 15008);
        try (Socket socket = calling(
                Affinity.NONE,
                Nouns.workload("bergen/b")
                        .imported("0123456789abcdef", unresolved)
                        .make())) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "PEER_UNREACHABLE")).isEqualTo(1);
    }

    @Test
    void withoutAnSvidNobodyIsCalledAndNobodyBlamed() throws Exception {
        mesh.server(mesh.backend, "127.0.3.2", toEcho());
        mesh.svids.remove(FRONTEND);
        try (Socket socket =
                calling(Affinity.NONE, Nouns.workload("lubeck/b", "127.0.3.2").make())) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        assertThat(mesh.counted(FAILED, "IDENTITY_NOT_READY")).isEqualTo(1);
        assertThat(mesh.health.mayGoFirst("lubeck/b")).isTrue();
        mesh.issue(mesh.lubeck, FRONTEND);
        try (Socket socket = mesh.dial("127.0.3.1", listen)) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
        }
    }

    private Socket calling(Affinity affinity, Workload... endpoints) throws Exception {
        mesh.image = image(affinity, endpoints);
        mesh.listeners(client);
        return mesh.dial("127.0.3.1", listen);
    }

    private static CatalogImage image(Affinity affinity, Workload... endpoints) {
        return CatalogImage.of(List.of(Nouns.service(API, true, affinity)), List.of(endpoints), List.of());
    }

    private TunnelAcceptor toEcho() throws Exception {
        InetSocketAddress application = mesh.echo();
        return request -> {
            if (request.peer().id().equals(FRONTEND)) {
                request.connect(application, stats -> {});
            } else {
                request.refuse(401, ReasonCode.IDENTITY_UNEXPECTED);
            }
        };
    }

    /** A gateway of bergen that takes everything to the proxy at an address. */
    private HostPort gatewayTo(String at, String proxy) throws Exception {
        mesh.server(
                mesh.gatewayId,
                at,
                request -> request.connect(new InetSocketAddress(Nouns.ip(proxy), mesh.hbonePort), stats -> {}));
        return new HostPort(at, mesh.hbonePort);
    }
}
