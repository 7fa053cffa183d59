/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.trust.Relationship;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class PeerProbesTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final String GATEWAY_AT = "127.0.10.5";
    private static final String FAR = "127.0.10.6";

    private final Mesh mesh = new Mesh();
    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final HostPort down = new HostPort("127.0.10.4", mesh.hbonePort);
    private final HostPort gateway = new HostPort(GATEWAY_AT, mesh.hbonePort);
    private final LinkedTransferQueue<String> asked = new LinkedTransferQueue<>();
    private final PeerProbes probes =
            new PeerProbes(() -> mesh.image, mesh.routes, mesh.pool, scheduler, clock, Duration.ofSeconds(5));

    @AfterEach
    void close() throws Exception {
        probes.close();
        mesh.close();
    }

    @Test
    void withNothingImportedTheGatewayItselfIsAsked() throws Exception {
        gatewayAnswers();
        PeerProbe found = probed(gateway);
        assertThat(found.ok()).isTrue();
        assertThat(found.reach()).isEqualTo("gateway");
        assertThat(found.at()).isEqualTo(START);
        assertThat(found.roundTrip()).isPositive();
        assertThat(asked.poll(1, TimeUnit.SECONDS)).isEqualTo("probe.hanse.internal:15021");
    }

    @Test
    void anImportedEndpointIsAskedThroughTheGatewayAHealthyOneFirst() throws Exception {
        gatewayAnswers();
        mesh.server(mesh.remoteBackend, FAR, request -> {
            asked.add(request.peer().id() + " " + request.authority());
            request.answerEmpty(200);
        });
        Workload sick = Nouns.workload("bergen/a")
                .imported("0000000000000000", gateway)
                .sick()
                .make();
        Workload well =
                Nouns.workload("bergen/b").imported("0123456789abcdef", gateway).make();
        mesh.image = CatalogImage.of(List.of(Nouns.service(Nouns.API, true)), List.of(sick, well), List.of());
        PeerProbe found = probed(gateway);
        assertThat(found.ok()).as("%s", found).isTrue();
        assertThat(found.reach()).isEqualTo("endpoint");
        assertThat(asked.poll(1, TimeUnit.SECONDS)).isEqualTo("0123456789abcdef.api.shop.svc.cluster.local:80");
        assertThat(asked.poll(1, TimeUnit.SECONDS)).isEqualTo(mesh.node + " probe.hanse.internal:15021");
    }

    @Test
    void aPeerIsFineIfOneOfItsGatewaysIs() throws Exception {
        gatewayAnswers();
        assertThat(probed(down, gateway).ok()).isTrue();
    }

    @Test
    void whatAnswersNotIsSaidAndAskedAgainAfterThePeriod() throws Exception {
        PeerProbe failed = probed(gateway);
        assertThat(failed.ok()).isFalse();
        assertThat(failed.reason()).isEqualTo(ReasonCode.PEER_UNREACHABLE);
        assertThat(failed.roundTrip()).isZero();
        gatewayAnswers();
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(probes.results().getFirst().ok()).isTrue();
        assertThat(probes.results().getFirst().at()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void aNameThatDoesNotResolveIsSaid() {
        PeerProbe failed = probed(new HostPort("gw.bergen.invalid", 15008));
        assertThat(failed.reason()).isEqualTo(ReasonCode.PEER_UNREACHABLE);
        assertThat(failed.detail()).contains("no address");
    }

    @Test
    void aGatewayThatRefusesUsIsSaid() throws Exception {
        mesh.server(mesh.gatewayId, GATEWAY_AT, request -> request.refuse(401, ReasonCode.NOT_A_PEER));
        assertThat(probed(gateway).reason()).isEqualTo(ReasonCode.NOT_A_PEER);
    }

    @Test
    void aPeerThatLeavesIsForgottenAndNotAskedAgain() throws Exception {
        gatewayAnswers();
        assertThat(probed(gateway).ok()).isTrue();
        probes.publish(List.of());
        assertThat(probes.results()).isEmpty();
        assertThat(scheduler.waiting()).isZero();
    }

    private PeerProbe probed(HostPort... gateways) {
        probes.publish(List.of(new Relationship(Nouns.BERGEN, new ClusterName("bergen"), List.of(gateways))));
        scheduler.runDue();
        return probes.results().getFirst();
    }

    private void gatewayAnswers() throws Exception {
        mesh.server(mesh.gatewayId, GATEWAY_AT, request -> {
            asked.add(request.authority());
            if (request.authority().startsWith("probe.")) {
                request.answerEmpty(200);
            } else {
                request.connect(new InetSocketAddress(Nouns.ip(FAR), mesh.hbonePort), stats -> {});
            }
        });
    }
}
