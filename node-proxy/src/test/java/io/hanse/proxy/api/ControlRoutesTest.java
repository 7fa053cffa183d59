/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.api;

import static io.hanse.proxy.testing.Nouns.API;
import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.CatalogDelta;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.proxy.capture.ExplicitListeners;
import io.hanse.proxy.identity.WorkloadSvids;
import io.hanse.proxy.inbound.InboundListeners;
import io.hanse.proxy.inbound.InboundTunnels;
import io.hanse.proxy.probe.PeerProbes;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.proxy.workloadapi.CallAdmission;
import io.hanse.proxy.workloadapi.CallLimits;
import io.hanse.proxy.workloadapi.WorkloadApi;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.RootsSource;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.runtime.trust.BundleStream;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.CatalogSource;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shapes that {@code connect-clusters} reads. */
@Timeout(120)
final class ControlRoutesTest {

    private static final String AT = "127.0.11.1";

    @TempDir
    Path directory;

    private final Mesh mesh = new Mesh();
    private final ManualClock clock = new ManualClock(Instant.now());
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final ControlApi control = new ControlApi();
    private final HostPort door = new HostPort(AT, Mesh.freePort());
    private final HostPort notAnAddress = new HostPort("localhost", 1);

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    @Test
    @DisplayName("workloads[].spiffeId, svid.serial, svid.authority, svid.expiresAt; without one a problem instead")
    void workloadsAreShownWithTheirSvids() throws Exception {
        wire();
        JsonNode workloads = get("/v1/workloads", Map.of()).path("workloads");
        assertThat(workloads).hasSize(2);
        JsonNode client = workloads.get(0);
        X509Svid svid = Objects.requireNonNull(mesh.svids.get(FRONTEND));
        assertThat(client.path("name").asText()).isEqualTo("client");
        assertThat(client.path("namespace").asText()).isEqualTo("shop");
        assertThat(client.path("spiffeId").asText()).isEqualTo("spiffe://lubeck.example/ns/shop/sa/frontend");
        assertThat(client.path("addresses").get(0).asText()).isEqualTo(AT);
        assertThat(client.path("svid").path("serial").asText())
                .isEqualTo(svid.leaf().getSerialNumber().toString(16));
        assertThat(client.path("svid").path("authority").asText())
                .isEqualTo(svid.authorityKeyIds().getFirst());
        assertThat(Instant.parse(client.path("svid").path("expiresAt").asText()))
                .isEqualTo(svid.expiresAt());
        assertThat(client.path("outbound").get(0).path("listen").asText()).isEqualTo(door.toString());
        assertThat(client.path("outbound").get(0).path("service").asText()).isEqualTo("shop/api");
        assertThat(client.path("outbound").get(0).path("port").asInt()).isEqualTo(80);
        JsonNode without = workloads.get(1);
        assertThat(without.path("svid").path("expiresAt").isTextual()).isFalse();
        assertThat(without.path("problem").asText()).isEqualTo("not registered on this node");
    }

    @Test
    @DisplayName("peers[].trustDomain, ok, rttMillis, at, error")
    void peersAreShownWithWhatTheirProbesFound() throws Exception {
        PeerProbes probes = wire();
        HostPort gateway = new HostPort("127.0.11.5", mesh.hbonePort);
        probes.publish(List.of(new Relationship(Nouns.BERGEN, new ClusterName("bergen"), List.of(gateway))));
        scheduler.runDue();
        JsonNode failed = get("/v1/peers", Map.of()).path("peers").get(0);
        assertThat(failed.path("trustDomain").asText()).isEqualTo("bergen.example");
        assertThat(failed.path("ok").isBoolean()).isTrue();
        assertThat(failed.path("ok").asBoolean()).isFalse();
        assertThat(failed.path("error").asText()).startsWith("PEER_UNREACHABLE: ");
        mesh.server(mesh.gatewayId, "127.0.11.5", request -> request.answerEmpty(200));
        scheduler.advance(Duration.ofSeconds(5));
        JsonNode fine = get("/v1/peers", Map.of()).path("peers").get(0);
        assertThat(fine.path("ok").asBoolean()).isTrue();
        assertThat(fine.path("rttMillis").asDouble()).isPositive();
        assertThat(Instant.parse(fine.path("at").asText())).isEqualTo(clock.instant());
        assertThat(fine.path("error").asText("?")).isEmpty();
    }

    @Test
    @DisplayName("links[].name, detail, ok; reason; next")
    void aCallIsExplained() throws Exception {
        wire();
        JsonNode told = get("/v1/explain", Map.of("client", "shop/frontend", "service", "shop/api", "port", "80"));
        assertThat(told.path("reason").asText()).isEqualTo("NO_ENDPOINT");
        assertThat(told.path("next").asText()).isNotEmpty();
        JsonNode last = told.path("links").get(told.path("links").size() - 1);
        assertThat(last.path("name").asText()).isEqualTo("endpoints");
        assertThat(last.path("detail").asText()).isNotEmpty();
        assertThat(last.path("ok").isBoolean()).isTrue();
        assertThat(last.path("ok").asBoolean()).isFalse();
    }

    @Test
    void aQuestionThatIsNotUnderstoodIsRefusedWithWhatIsExpected() throws Exception {
        wire();
        for (String port : List.of("", "http", "0", "-1", "65536", "99999999999")) {
            assertThat(control.call(
                            "GET",
                            "/v1/explain",
                            Map.of("client", "shop/frontend", "service", "shop/api", "port", port),
                            ""))
                    .as(port)
                    .isInstanceOfSatisfying(Reply.Problem.class, problem -> {
                        assertThat(problem.status()).isEqualTo(400);
                        assertThat(problem.detail()).contains("1 to 65535");
                    });
        }
        assertThat(control.call("GET", "/v1/explain", Map.of("client", "frontend"), ""))
                .isInstanceOfSatisfying(
                        Reply.Problem.class,
                        problem -> assertThat(problem.detail()).contains("namespace/name"));
        assertThat(control.call(
                        "GET", "/v1/explain", Map.of("client", "shop/nobody", "service", "shop/api", "port", "80"), ""))
                .isInstanceOfSatisfying(
                        Reply.Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("no-such-workload"));
    }

    @Test
    void theStatusNamesWhatCannotBeBound() throws Exception {
        wire();
        JsonNode status = get("/v1/status", Map.of());
        assertThat(status.path("node").asText()).isEqualTo("n1");
        assertThat(status.path("identity").asText()).isEqualTo(mesh.node.toString());
        assertThat(status.path("trustDomain").asText()).isEqualTo("lubeck.example");
        assertThat(status.path("registryConnected").asBoolean()).isTrue();
        assertThat(status.path("exchangeConnected").asBoolean(true)).isFalse();
        assertThat(status.path("services").asInt()).isEqualTo(1);
        assertThat(status.path("workloads").asInt()).isEqualTo(2);
        assertThat(status.path("problems").path(notAnAddress.toString()).asText())
                .isEqualTo("not an IP address");
    }

    private JsonNode get(String path, Map<String, String> query) throws IOException {
        Reply reply = control.call("GET", path, query, "");
        assertThat(reply).isInstanceOf(Reply.Json.class);
        return Json.mapper().readTree(Json.bytes(((Reply.Json) reply).value()));
    }

    @SuppressWarnings("resource") // ends with the mesh
    private PeerProbes wire() throws Exception {
        Workload client = Nouns.workload("lubeck/client", AT)
                .as("frontend")
                .serving(Nouns.LEDGER)
                .out(door, API, 80)
                .make();
        Workload refused = Nouns.workload("lubeck/guest", "127.0.11.2")
                .as("guest")
                .serving(Nouns.LEDGER)
                .out(notAnAddress, API, 80)
                .make();
        mesh.image = CatalogImage.of(List.of(Nouns.service(API, true)), List.of(client, refused), List.of());
        WorkloadSvids svids = new WorkloadSvids(
                id -> {
                    if (!id.equals(FRONTEND)) {
                        throw new CertificateRefused("not registered on this node");
                    }
                    return Objects.requireNonNull(mesh.svids.get(id));
                },
                directory.resolve("svids"),
                scheduler,
                clock,
                new Readiness(clock).task("workload certificates"));
        svids.publish(List.of(client.spiffeId(), refused.spiffeId()));
        scheduler.runDue();
        ExplicitListeners listeners = mesh.listeners(client, refused);
        InboundTunnels tunnels = new InboundTunnels(
                Nouns.LUBECK, "n1", mesh.hbonePort, mesh.log, new ManualScheduler(new ManualClock(Instant.EPOCH)));
        InboundListeners inbound =
                new InboundListeners(mesh.server(mesh.backend, "127.0.11.9", tunnels), mesh.hbonePort);
        PeerProbes probes =
                new PeerProbes(() -> mesh.image, mesh.routes, mesh.pool, scheduler, clock, Duration.ofSeconds(5));
        Explain explain = new Explain(
                () -> mesh.image,
                mesh.bundles::current,
                id -> Optional.ofNullable(mesh.svids.get(id)),
                mesh.routes,
                mesh.choice,
                mesh.pool);
        WorkloadApi workloadApi = new WorkloadApi(
                directory.resolve("sockets"),
                Nouns.LUBECK,
                svids::of,
                mesh.bundles,
                (id, audience) -> "",
                new CallAdmission(CallLimits.usual(), mesh.metrics, Ticker.system()),
                scheduler,
                clock);
        new ControlRoutes(
                        "n1",
                        mesh.node,
                        cluster(),
                        catalog(),
                        bundles(),
                        svids,
                        workloadApi,
                        listeners,
                        inbound,
                        probes,
                        explain)
                .addTo(control);
        return probes;
    }

    private ClusterConfig cluster() throws Exception {
        Path file =
                Files.writeString(directory.resolve("cluster.yaml"), "cluster: lubeck\ntrustDomain: lubeck.example\n");
        return ClusterConfig.read(ConfigFile.read(file).root());
    }

    private BundleStream bundles() {
        BundleCell roots = mesh.bundles;
        RootsSource source = new RootsSource() {
            @Override
            public Instant learnedAt() {
                return Instant.MIN;
            }

            @Override
            public BundleMap current() {
                return roots.current();
            }

            @Override
            public Subscription onChange(Consumer<BundleMap> listener) {
                return roots.onChange(listener);
            }
        };
        return new BundleStream(
                new BundleStream.Home(Nouns.LUBECK, new HostPort(AT, 15014), directory),
                new SvidCell(),
                source,
                scheduler,
                clock,
                new Readiness(clock).task("trust bundles"));
    }

    private CatalogSource catalog() {
        return new CatalogSource() {
            @Override
            public CatalogImage current() {
                return mesh.image;
            }

            @Override
            public Subscription onChange(BiConsumer<CatalogImage, CatalogDelta> listener) {
                return () -> {};
            }

            @Override
            public boolean connected() {
                return true;
            }
        };
    }
}
