/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import static io.hanse.proxy.testing.Nouns.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.trust.Relationship;
import io.hanse.transport.hbone.Route;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OutboundRoutesTest {

    private static final SpiffeId NODE = SystemIdentity.node(Nouns.LUBECK, "n1");
    private static final HostPort G1 = new HostPort("127.0.4.1", 15008);
    private static final HostPort G2 = new HostPort("127.0.4.2", 15008);
    private static final Workload CLIENT =
            Nouns.workload("lubeck/client", "127.0.4.9").as("frontend").make();
    private static final Workload LOCAL =
            Nouns.workload("lubeck/b", "127.0.4.8").make();
    private static final Workload REMOTE =
            Nouns.workload("bergen/b").imported("0123456789abcdef", G1, G2).make();

    private long nanos;
    private final EndpointHealth health = new EndpointHealth(() -> nanos);
    private final GatewayAddresses gateways = new GatewayAddresses();
    private final OutboundRoutes routes = new OutboundRoutes(NODE, "north", "lubeck", 25008, gateways, health);

    @Test
    void onTheSameNetworkOneTunnelInTheWorkloadsName() {
        Attempt only = attempts(LOCAL).getFirst();
        assertThat(only.gateway()).isEmpty();
        assertThat(only.route()).isInstanceOfSatisfying(Route.Direct.class, route -> {
            assertThat(route.address()).isEqualTo(new InetSocketAddress(Nouns.ip("127.0.4.8"), 25008));
            assertThat(route.client()).isEqualTo(Nouns.FRONTEND);
            assertThat(route.expected()).containsExactly(LOCAL.spiffeId());
            assertThat(route.authority()).isEqualTo("api.shop.svc.cluster.local:80");
            assertThat(route.headers().single("baggage"))
                    .contains("k8s.cluster.name=lubeck,k8s.namespace.name=shop,service.name=client");
            assertThat(route.headers().single("x-forwarded-network")).isEmpty();
        });
    }

    @Test
    void toAPeerTwoTunnelsTheOuterInTheNodesName() {
        Attempt first = attempts(REMOTE).getFirst();
        assertThat(first.gateway()).contains(G1);
        assertThat(first.route()).isInstanceOfSatisfying(Route.ViaGateway.class, route -> {
            assertThat(route.gateway()).isEqualTo(new InetSocketAddress(Nouns.ip("127.0.4.1"), 15008));
            assertThat(route.gatewayId()).isEqualTo(SystemIdentity.EAST_WEST_GATEWAY.in(Nouns.BERGEN));
            assertThat(route.node()).isEqualTo(NODE);
            assertThat(route.outerAuthority()).isEqualTo("0123456789abcdef.api.shop.svc.cluster.local:80");
            assertThat(route.authority()).isEqualTo("api.shop.svc.cluster.local:80");
            assertThat(route.client()).isEqualTo(Nouns.FRONTEND);
            assertThat(route.expected()).containsExactly(REMOTE.spiffeId());
            assertThat(route.headers().single("x-forwarded-network")).contains("north");
        });
    }

    @Test
    void gatewaysStandInThePeersOrderAndARestingOneLastBehindEveryEndpoint() {
        assertThat(gatewaysOf(attempts(REMOTE))).containsExactly(G1, G2);
        health.failed(G1);
        assertThat(gatewaysOf(attempts(REMOTE))).containsExactly(G2, G1);
        health.failed(G2);
        List<Attempt> all = attempts(REMOTE, LOCAL);
        assertThat(all.getFirst().endpoint()).isEqualTo(LOCAL);
        assertThat(gatewaysOf(all)).containsExactly(G1, G2);
    }

    @Test
    void whenAGatewaysRestIsOverOneCallTriesItWithEveryEndpointBehindIt() {
        health.failed(G1);
        nanos += Duration.ofSeconds(1).toNanos();
        Workload other =
                Nouns.workload("bergen/c").imported("0123456789abcde0", G1, G2).make();
        assertThat(gatewaysOf(attempts(REMOTE, other))).containsExactly(G1, G2, G1, G2);
        assertThat(gatewaysOf(attempts(REMOTE, other))).containsExactly(G2, G2, G1, G1);
    }

    @Test
    void lookingTakesNoTrial() {
        health.failed(G1);
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(routes.preview(REMOTE, CLIENT, API, 80)).isPresent();
        assertThat(routes.probe(REMOTE, API, 80)).hasSize(2);
        assertThat(health.mayGoFirst(G1)).isTrue();
    }

    @Test
    void aPeersUidCannotStandForAnotherPeersGateway() {
        health.failed("gateway " + G1);
        assertThat(health.mayGoFirst(G1)).isTrue();
    }

    @Test
    void whatHasNoAddressHasNoWay() {
        assertThat(attempts(Nouns.workload("lubeck/none").make())).isEmpty();
        HostPort named = new HostPort("gw.bergen.invalid", 15008);
        Workload behindName =
                Nouns.workload("bergen/d").imported("0123456789abcdef", named).make();
        assertThat(attempts(behindName)).isEmpty();
        assertThat(routes.preview(behindName, CLIENT, API, 80)).isEmpty();
    }

    @Test
    void healthOfWhatLeftTheCatalogIsForgotten() {
        health.failed(G1);
        health.failed(G2);
        health.failed("lubeck/b");
        health.forgetAllBut(Set.of(), Set.of(G2));
        assertThat(health.mayGoFirst(G1)).isTrue();
        assertThat(health.mayGoFirst(G2)).isFalse();
        assertThat(health.mayGoFirst("lubeck/b")).isTrue();
    }

    @Test
    void namesOfGatewaysAreLookedUpAheadAlsoOfPeersFromWhomNothingIsImported() {
        HostPort named = new HostPort("localhost", 15008);
        assertThat(gateways.of(named)).isEmpty();
        gateways.publish(List.of(new Relationship(Nouns.BERGEN, new ClusterName("bergen"), List.of(named))));
        gateways.refresh(CatalogImage::empty);
        assertThat(gateways.of(named))
                .hasValueSatisfying(address ->
                        assertThat(address.getAddress().isLoopbackAddress()).isTrue());
        assertThat(gateways.known(CatalogImage.of(List.of(), List.of(REMOTE), List.of())))
                .containsExactlyInAnyOrder(named, G1, G2);
        gateways.publish(List.of());
        gateways.refresh(CatalogImage::empty);
        assertThat(gateways.of(named)).as("forgotten with its peer").isEmpty();
        assertThat(gateways.of(G1)).as("a literal needs no looking up").isPresent();
    }

    private List<Attempt> attempts(Workload... endpoints) {
        return routes.to(List.of(endpoints), CLIENT, API, 80);
    }

    private static List<HostPort> gatewaysOf(List<Attempt> attempts) {
        List<HostPort> found = new ArrayList<>();
        attempts.forEach(attempt -> attempt.gateway().ifPresent(found::add));
        return found;
    }
}
