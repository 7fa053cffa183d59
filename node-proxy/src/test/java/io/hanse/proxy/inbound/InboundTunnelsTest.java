/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import static io.hanse.proxy.testing.Nouns.API;
import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static io.hanse.proxy.testing.Nouns.GUEST;
import static io.hanse.proxy.testing.Nouns.LUBECK;
import static io.hanse.proxy.testing.Nouns.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import io.hanse.proxy.capture.Duty;
import io.hanse.proxy.capture.ExplicitListeners;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.Hop;
import io.hanse.transport.hbone.OpenOutcome;
import io.hanse.transport.hbone.PlainForward;
import io.hanse.transport.hbone.ProbeOutcome;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.Route;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A workload behind its own proxy, called through real tunnels and in plain text. */
@Timeout(120)
final class InboundTunnelsTest {

    private static final String AT = "127.0.6.1";
    private static final AuthorizationPolicy ONLY_FRONTEND = Nouns.allow("only-frontend", FRONTEND);
    private static final AuthorizationPolicy NOT_FRONTEND = Nouns.deny("not-frontend", FRONTEND);

    private final Mesh mesh = new Mesh();
    private final ManualScheduler scheduler = new ManualScheduler(new ManualClock(Instant.EPOCH));
    private final InboundTunnels tunnels = new InboundTunnels(LUBECK, "n1", mesh.hbonePort, mesh.log, scheduler);
    private final PlainCalls plain =
            new PlainCalls(tunnels, new PlainForward(mesh.loops, Duration.ofSeconds(5)), mesh.log);
    private final HostPort outboundDoor = new HostPort("127.0.6.2", Mesh.freePort());
    private final HostPort plainDoor = new HostPort("127.0.6.3", Mesh.freePort());
    private HboneServer server;

    @BeforeEach
    void serve() throws Exception {
        server = mesh.server(mesh.backend, AT, tunnels);
        mesh.echo(new InetSocketAddress(Nouns.ip(AT), 8080));
        rules();
    }

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    @Test
    void theWorkloadIsReachedByWhomThePoliciesLetIn() throws Exception {
        rules(ONLY_FRONTEND);
        try (Socket socket = called()) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
        }
        Until.holds(() -> mesh.counted("istio.tcp.connections.closed", "OK") >= 1);
    }

    @Test
    @DisplayName("a new policy ends the tunnels that it would refuse and leaves the others")
    void aNewPolicyEndsWhatItRefuses() throws Exception {
        try (Socket socket = called()) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
            rules(ONLY_FRONTEND);
            assertThat(Mesh.echoed(socket, "still here")).isEqualTo("still here");
            rules(ONLY_FRONTEND, NOT_FRONTEND);
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        Until.holds(() -> mesh.counted("istio.tcp.connections.closed", "DENIED_BY_POLICY") >= 1);
    }

    @Test
    @DisplayName("when the workload leaves, the call that it is answering is not lost; a tunnel that lasts is ended")
    void whenTheWorkloadLeavesItsTunnelsEndAfterAFarewell() throws Exception {
        try (Socket socket = called()) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
            tunnels.publish(CatalogImage.empty(), server::connections);
            tunnels.publish(CatalogImage.empty(), server::connections);
            assertThat(scheduler.waiting()).isEqualTo(1);
            scheduler.advance(InboundTunnels.FAREWELL.minusMillis(1));
            assertThat(Mesh.echoed(socket, "adjues")).isEqualTo("adjues");
            scheduler.advance(Duration.ofMillis(1));
            assertThat(Mesh.isReset(socket)).isTrue();
        }
    }

    @Test
    void aWorkloadThatIsBackInTimeKeepsItsTunnels() throws Exception {
        try (Socket socket = called()) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
            tunnels.publish(CatalogImage.empty(), server::connections);
            rules();
            scheduler.advance(InboundTunnels.FAREWELL);
            assertThat(Mesh.echoed(socket, "still here")).isEqualTo("still here");
        }
    }

    @Test
    @DisplayName("a dry run brings the verdict and its policy, and opens nothing")
    void aDryRunBringsTheVerdictAlone() throws Exception {
        rules(ONLY_FRONTEND);
        assertThat(Until.done(mesh.pool.dryRun(route(FRONTEND, API.hostname() + ":80"))))
                .isInstanceOf(ProbeOutcome.Answered.class);
        assertThat(Until.done(mesh.pool.dryRun(route(GUEST, API.hostname() + ":80"))))
                .isEqualTo(new ProbeOutcome.NotAnswered(new OpenOutcome.Refused(
                        Hop.ENDPOINT, 401, ReasonCode.DENIED_BY_POLICY, Optional.of(ONLY_FRONTEND.name()))));
        assertThat(server.connections().stream().flatMap(c -> c.tunnels().stream()))
                .isEmpty();
        assertThat(mesh.counted("istio.tcp.connections.failed", "DENIED_BY_POLICY"))
                .as("a question is no call")
                .isZero();
    }

    @Test
    @DisplayName("a probe touches neither policy nor workload")
    void aProbeIsAnsweredWhateverThePolicies() throws Exception {
        rules(ONLY_FRONTEND);
        assertThat(Until.done(mesh.pool.probe(route(GUEST, "probe.hanse.internal:15021"))))
                .isInstanceOf(ProbeOutcome.Answered.class);
    }

    @Test
    void refusalsCarryStatusReasonAndPolicy() throws Exception {
        assertThat(verdict(FRONTEND, "127.0.0.1:22"))
                .isEqualTo(new OpenOutcome.Refused(Hop.ENDPOINT, 400, ReasonCode.WRONG_DESTINATION, Optional.empty()));
        assertThat(verdict(FRONTEND, AT + ":" + mesh.hbonePort))
                .isEqualTo(new OpenOutcome.Refused(Hop.ENDPOINT, 503, ReasonCode.WRONG_DESTINATION, Optional.empty()));
        assertThat(verdict(FRONTEND, outboundDoor.toString()))
                .isEqualTo(new OpenOutcome.Refused(Hop.ENDPOINT, 400, ReasonCode.WRONG_DESTINATION, Optional.empty()));
        Workload missing = workload().naming("shop/late").make();
        publish(missing, List.of());
        assertThat(verdict(FRONTEND, API.hostname() + ":80"))
                .isEqualTo(new OpenOutcome.Refused(
                        Hop.ENDPOINT, 401, ReasonCode.POLICY_MISSING, Optional.of(new PolicyName("shop", "late"))));
    }

    @Test
    @DisplayName("permissive takes plain text; strict resets it, also what is open, and says PLAINTEXT_REFUSED")
    void plainTextEndsWhenTheWorkloadBecomesStrict() throws Exception {
        listeners();
        try (Socket socket = mesh.dial(plainDoor.host(), plainDoor.port())) {
            assertThat(Mesh.echoed(socket, "moin")).isEqualTo("moin");
            rules(STRICT);
            plain.publish();
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        try (Socket socket = mesh.dial(plainDoor.host(), plainDoor.port())) {
            assertThat(Mesh.isReset(socket)).isTrue();
        }
        Until.holds(() -> mesh.counted("istio.tcp.connections.failed", "PLAINTEXT_REFUSED") == 2);
        try (Socket socket = mesh.dial(outboundDoor.host(), outboundDoor.port())) {
            assertThat(Mesh.echoed(socket, "by mutual TLS")).isEqualTo("by mutual TLS");
        }
        assertThat(mesh.counted("istio.tcp.connections.failed"))
                .as("each call once")
                .isEqualTo(2);
    }

    private Workload client() {
        return Nouns.workload("lubeck/client", "127.0.6.9")
                .as("frontend")
                .serving(Nouns.LEDGER)
                .out(outboundDoor, API, 80)
                .make();
    }

    private Nouns.Made workload() {
        return Nouns.workload("lubeck/b", AT).in(plainDoor, 8080);
    }

    private void rules(AuthorizationPolicy... policies) {
        publish(workload().guardedBy(policies).make(), List.of(policies));
    }

    private void publish(Workload workload, List<AuthorizationPolicy> policies) {
        CatalogImage image = CatalogImage.of(List.of(Nouns.service(API, true)), List.of(workload, client()), policies);
        mesh.image = image;
        tunnels.publish(image, server::connections);
    }

    private Socket called() throws Exception {
        listeners();
        return mesh.dial(outboundDoor.host(), outboundDoor.port());
    }

    @SuppressWarnings("resource") // ends with the mesh's loops
    private void listeners() {
        ExplicitListeners listeners = new ExplicitListeners(mesh.loops, (channel, duty) -> {
            switch (duty) {
                case Duty.Out out ->
                    mesh.calls.call(
                            channel,
                            out.workload(),
                            out.outbound().service(),
                            out.outbound().port());
                case Duty.In in ->
                    plain.call(channel, in.workload(), in.inbound().port());
            }
        });
        listeners.publish(List.of(client(), workload().make()));
    }

    private OpenOutcome verdict(SpiffeId caller, String authority) throws Exception {
        return ((ProbeOutcome.NotAnswered) Until.done(mesh.pool.dryRun(route(caller, authority)))).outcome();
    }

    private Route.Direct route(SpiffeId caller, String authority) {
        return new Route.Direct(
                new InetSocketAddress(Nouns.ip(AT), mesh.hbonePort),
                new TreeSet<>(List.of(mesh.backend)),
                caller,
                authority,
                RequestHeaders.NONE);
    }
}
