/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.api;

import static io.hanse.proxy.testing.Nouns.API;
import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.transport.hbone.TunnelRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of a call with one link broken after the other; the far side is real. */
@Timeout(120)
final class ExplainTest {

    private static final String GATEWAY_AT = "127.0.8.5";
    private static final String FAR = "127.0.8.6";

    private final Mesh mesh = new Mesh();
    private final Explain explain = new Explain(
            () -> mesh.image,
            mesh.bundles::current,
            id -> Optional.ofNullable(mesh.svids.get(id)),
            mesh.routes,
            mesh.choice,
            mesh.pool);
    private final Workload client =
            Nouns.workload("lubeck/client", "127.0.8.1").as("frontend").make();
    private final HostPort gateway = new HostPort(GATEWAY_AT, mesh.hbonePort);
    private final Workload remote =
            Nouns.workload("bergen/b").imported("0123456789abcdef", gateway).make();

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    @Test
    void aWholeWayIsShownLinkByLink() throws Exception {
        far(request -> request.answerEmpty(200));
        Explain.Explanation whole = explained();
        assertThat(whole.reason()).isEqualTo(ReasonCode.OK);
        assertThat(whole.next()).isEmpty();
        assertThat(whole.links().stream().map(Explain.Link::name))
                .containsExactly("client", "service", "endpoints", "gateway", "identity", "policy");
        assertThat(whole.links()).allMatch(Explain.Link::ok);
        assertThat(whole.links().get(3).detail()).endsWith(" at %s let us in".formatted(gateway));
    }

    @Test
    void theClientHasNoCertificate() {
        mesh.svids.remove(FRONTEND);
        assertBroken(explained(), "client", ReasonCode.IDENTITY_NOT_READY, "no certificate");
    }

    @Test
    void theServiceOrThePortIsNotKnown() {
        mesh.image = CatalogImage.empty();
        assertBroken(
                explain.explain(client, API, 80), "service", ReasonCode.UNKNOWN_SERVICE, "shop/api is not known here");
        mesh.image = CatalogImage.of(List.of(Nouns.service(API, true)), List.of(remote), List.of());
        assertBroken(
                explain.explain(client, API, 81), "service", ReasonCode.UNKNOWN_SERVICE, "shop/api has no port 81");
    }

    @Test
    void thereIsNoEndpointOrNoHealthyOne() {
        assertBroken(explained(List.of()), "endpoints", ReasonCode.NO_ENDPOINT, "it has none");
        Workload sick = Nouns.workload("bergen/b")
                .imported("0123456789abcdef", gateway)
                .sick()
                .make();
        assertBroken(explained(List.of(sick)), "endpoints", ReasonCode.NO_HEALTHY_ENDPOINT, "none of 1 is healthy");
    }

    @Test
    void thereIsNoBundleForThePeer() {
        mesh.bundles.publish(TestAuthority.bundles(mesh.lubeck));
        assertBroken(explained(), "trust", ReasonCode.TRUST_DOMAIN_UNKNOWN, "no bundle for bergen.example");
    }

    @Test
    void noAddressOfAGatewayIsKnown() {
        HostPort named = new HostPort("gw.bergen.invalid", 15008);
        Workload behindName =
                Nouns.workload("bergen/b").imported("0123456789abcdef", named).make();
        assertBroken(explained(List.of(behindName)), "gateway", ReasonCode.PEER_UNREACHABLE, "no address");
    }

    @Test
    void theGatewayIsDownOrRefuses() throws Exception {
        Explain.Explanation down = explained();
        assertThat(down.links().getLast().name()).isEqualTo("gateway");
        assertThat(down.links().getLast().ok()).isFalse();
        assertThat(down.reason()).isEqualTo(ReasonCode.PEER_UNREACHABLE);
        mesh.server(mesh.gatewayId, GATEWAY_AT, request -> request.refuse(401, ReasonCode.NOT_EXPORTED));
        assertBroken(explained(), "gateway", ReasonCode.NOT_EXPORTED, "refused: the service is not exported");
    }

    @Test
    void theFarEndIsSomebodyElse() throws Exception {
        mesh.svids.put(mesh.remoteBackend, Objects.requireNonNull(mesh.svids.get(Nouns.FOREIGN)));
        far(request -> request.answerEmpty(200));
        assertBroken(explained(), "identity", ReasonCode.IDENTITY_UNEXPECTED, "");
    }

    @Test
    @DisplayName("a refusal by policy names the policy; another refusal is not called one")
    void theFarSideRefuses() throws Exception {
        far(request -> request.refuse(401, ReasonCode.DENIED_BY_POLICY, new PolicyName("shop", "only-frontend")));
        assertBroken(explained(), "policy", ReasonCode.DENIED_BY_POLICY, "shop/only-frontend in bergen");
    }

    @Test
    void theFarSideWaitsForAPolicy() throws Exception {
        far(request -> request.refuse(401, ReasonCode.POLICY_MISSING, new PolicyName("shop", "late")));
        assertBroken(explained(), "policy", ReasonCode.POLICY_MISSING, "shop/late in bergen is named");
    }

    @Test
    void theFarSideDoesNotExport() throws Exception {
        far(request -> request.refuse(401, ReasonCode.NOT_EXPORTED));
        assertBroken(explained(), "export", ReasonCode.NOT_EXPORTED, "not exported in bergen");
    }

    @Test
    void theFarSideDoesNotKnowTheService() throws Exception {
        far(request -> request.refuse(503, ReasonCode.UNKNOWN_SERVICE));
        assertBroken(explained(), "endpoint", ReasonCode.UNKNOWN_SERVICE, "b in bergen: no service of that name");
    }

    private Explain.Explanation explained() {
        return explained(List.of(remote));
    }

    private Explain.Explanation explained(List<Workload> endpoints) {
        mesh.image = CatalogImage.of(List.of(Nouns.service(API, true)), endpoints, List.of());
        return explain.explain(client, API, 80);
    }

    /** A gateway that lets everything in, and a proxy behind it that answers so. */
    private void far(Consumer<TunnelRequest> answer) throws Exception {
        mesh.server(mesh.remoteBackend, FAR, answer::accept);
        mesh.server(
                mesh.gatewayId,
                GATEWAY_AT,
                request -> request.connect(new InetSocketAddress(Nouns.ip(FAR), mesh.hbonePort), stats -> {}));
    }

    private static void assertBroken(Explain.Explanation told, String link, ReasonCode reason, String detail) {
        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told.next()).isNotEmpty();
        Explain.Link last = told.links().getLast();
        assertThat(last.name()).isEqualTo(link);
        assertThat(last.ok()).isFalse();
        assertThat(last.detail()).contains(detail);
        assertThat(told.links().subList(0, told.links().size() - 1)).allMatch(Explain.Link::ok);
    }
}
