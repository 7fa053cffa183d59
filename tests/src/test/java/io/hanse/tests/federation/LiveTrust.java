/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.ca.CaWiring;
import io.hanse.exchange.ExchangeWiring;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.PrivateDirectory;
import io.hanse.runtime.process.Listener;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessFactory;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.svid.MalformedJoinToken;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** spiffe-ca and trust-bundle-exchange of one trust domain, started and listening. */
final class LiveTrust implements AutoCloseable {

    static final InstantSource CLOCK = InstantSource.system();

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    final TrustDomain trustDomain;
    private final String name;
    private final Path directory;
    private final Vertx vertx;
    private final Scheduler scheduler;
    private final List<RunningProcess> running = new ArrayList<>();
    private final ProcessContext ca;
    private final ProcessContext exchange;

    /** Starts both; blocks until the own bundle is published. */
    LiveTrust(String name, Path directory, Vertx vertx, Scheduler scheduler) throws Exception {
        this.name = name;
        this.trustDomain = new TrustDomain(name + ".example");
        this.directory = Files.createDirectories(directory.resolve(name));
        this.vertx = vertx;
        this.scheduler = scheduler;
        configure("127.0.0.1:0");
        ca = start("spiffe-ca", CaWiring::wire);
        // From here on everybody knows where spiffe-ca listens.
        configure(address("certificates").toString());
        ProcessContext ahead = context("trust-bundle-exchange");
        String token =
                token(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(trustDomain).toString());
        DurableFile.write(ahead.joinToken(), token.getBytes(StandardCharsets.US_ASCII));
        exchange = start("trust-bundle-exchange", ExchangeWiring::wire);
        until("ready", () -> exchange.readiness().ready());
    }

    private void configure(String caListens) throws IOException {
        Files.writeString(directory.resolve("cluster.yaml"), """
                cluster: %s
                trustDomain: %s
                refreshHint: 1s
                spiffe-ca: {listen: "%s"}
                cluster-registry: {listen: "127.0.0.1:9"}
                trust-bundle-exchange: {listen: "127.0.0.1:0", bundleEndpoint: "127.0.0.1:0", minPoll: 100ms}
                """.formatted(name, trustDomain, caListens));
    }

    private ProcessContext context(String role) throws IOException {
        Section root = ConfigFile.read(directory.resolve("cluster.yaml")).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        return new ProcessContext(
                role,
                role,
                Optional.empty(),
                cluster,
                root.section(role),
                new Readiness(CLOCK),
                new ControlApi(),
                new SimpleMeterRegistry(),
                scheduler,
                CLOCK,
                Ticker.system(),
                vertx,
                PrivateDirectory.create(cluster.stateDirectory().resolve(role)));
    }

    private ProcessContext start(String role, ProcessFactory factory) throws Exception {
        ProcessContext context = context(role);
        RunningProcess process = factory.wire(context);
        running.add(process);
        process.start();
        return context;
    }

    /** Where a listener of that name is bound. */
    HostPort address(String listener) {
        return running.stream()
                .flatMap(process -> process.listeners().stream())
                .filter(one -> one.wire().startsWith(listener))
                .map(Listener::address)
                .findFirst()
                .orElseThrow();
    }

    /** Asks spiffe-ca's control API. */
    JsonNode ca(String method, String path, String body) {
        return ok(ca, method, path, body);
    }

    /** Asks the exchange's control API. */
    JsonNode exchange(String method, String path, String body) {
        return ok(exchange, method, path, body);
    }

    /** Whether spiffe-ca did what was asked. */
    boolean caDoes(String method, String path, String body) {
        return ca.control().call(method, path, Map.of(), body) instanceof Reply.Json;
    }

    private static JsonNode ok(ProcessContext context, String method, String path, String body) {
        Reply reply = context.control().call(method, path, Map.of(), body);
        assertThat(reply).as(method + " " + path).isInstanceOf(Reply.Json.class);
        return Json.mapper().valueToTree(((Reply.Json) reply).value());
    }

    private String token(String spiffeId) {
        return ca("POST", "/v1/join-tokens", Json.text(Map.of("spiffeId", spiffeId)))
                .get("token")
                .textValue();
    }

    /** The first SVID of a node. */
    CertificateClient.Issued join(String node) throws CertificateRefused, MalformedJoinToken {
        return CertificateClient.join(JoinToken.parse(token(trustDomain.id() + "/hanse/node/" + node)), CLOCK);
    }

    /** Waits, bounded, for a condition. */
    static void until(String what, java.util.function.BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("not within %s: %s", DEADLINE, what)
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void close() {
        running.reversed().forEach(process -> process.drain(DRAIN));
    }
}
