/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.Json;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class TelemetryTest {

    private static final long DEADLINE_SECONDS = 20;
    private static final TelemetryServer.Health READY = new TelemetryServer.Health(true, false, List.of());

    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = new Metrics();
    private final AtomicReference<TelemetryServer.Health> health = new AtomicReference<>(READY);

    @AfterEach
    void closeAll() throws Exception {
        metrics.close();
        vertx.close().await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void servesMetersWithTheirRoleInPrometheusForm() throws Exception {
        Counter.builder("hanse.signed").register(metrics.of("spiffe-ca")).increment(3);
        try (TelemetryServer server = start()) {
            HttpResponse<String> response = get(server, "/metrics");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(response.body())
                    .contains("hanse_signed_total{role=\"spiffe-ca\"} 3.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(server, "/stats/prometheus").body()).contains("hanse_signed_total");
        }
    }

    @Test
    void listsWhatIsUnfinishedUntilItIsReady() throws Exception {
        health.set(new TelemetryServer.Health(false, false, List.of("own svid")));
        try (TelemetryServer server = start()) {
            assertThat(get(server, "/healthz/ready").statusCode()).isEqualTo(503);
            assertThat(get(server, "/healthz/ready").body())
                    .isEqualTo("{\"ready\":false,\"draining\":false,\"unfinished\":[\"own svid\"]}\n");
            assertThat(get(server, "/healthz/live").statusCode()).isEqualTo(200);
            health.set(READY);
            assertThat(get(server, "/healthz/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takesNothingButReading() throws Exception {
        try (TelemetryServer server = start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest post = HttpRequest.newBuilder(uri(server, "/metrics"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
            assertThat(get(server, "/quit").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void throwsWhenAMeterComesBackWithOtherLabels() {
        MeterRegistry registry = metrics.of("node-proxy");
        registry.counter("hanse.calls", "peer", "a");

        assertThatThrownBy(() -> registry.counter("hanse.calls", "service", "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsInCellsAndPoolsWhatIsBeyondTheCap() {
        Counters counters = new Counters(metrics.of("node-proxy"), "hanse.bytes", "bytes", List.of("peer"), 2);
        Counters.Cell first = counters.cell("a");
        first.add(5);
        first.increment();
        counters.cell("b").add(1);
        counters.cell("c").add(10);
        counters.cell("d").add(20);

        assertThat(counters.cell("a")).isSameAs(first);
        assertThat(first.sum()).isEqualTo(6);
        assertThat(metrics.scrape())
                .contains("hanse_bytes_total{peer=\"a\",role=\"node-proxy\"} 6.0")
                .contains("hanse_bytes_total{peer=\"b\",role=\"node-proxy\"} 1.0")
                .contains("hanse_bytes_total{peer=\"other\",role=\"node-proxy\"} 30.0")
                .doesNotContain("peer=\"c\"");
    }

    @Test
    void refusesACellWithTooFewLabelValues() {
        Counters counters = new Counters(metrics.of("x"), "hanse.x", "x", List.of("a", "b"), 2);

        assertThatThrownBy(() -> counters.cell("only")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesLogLinesAsFlatJson() throws Exception {
        JsonLogEncoder encoder = new JsonLogEncoder(false);
        JsonNode line = Json.mapper().readTree(encoder.encode(event()));

        assertThat(line.get("message").asText()).isEqualTo("peer refused");
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get(LogKeys.BYTES_SENT).isNumber()).isTrue();
        assertThat(line.get(LogKeys.PEER).asText()).isEqualTo("spiffe://a \"quoted\"");
    }

    @Test
    void writesAccessLinesWithTimeAndKeysAlone() {
        JsonLogEncoder encoder = new JsonLogEncoder(true);
        String line = new String(encoder.encode(event()), StandardCharsets.UTF_8);

        assertThat(line)
                .startsWith("{\"time\":\"")
                .endsWith(",\"peer\":\"spiffe://a \\\"quoted\\\"\",\"bytes_sent\":7}\n")
                .doesNotContain("message");
    }

    @Test
    void aKeyThatIsThereIsNotWrittenAgain() {
        LoggingEvent event = event();
        event.addKeyValuePair(new KeyValuePair(LogKeys.BYTES_SENT, 8));
        event.addKeyValuePair(new KeyValuePair("time", "never"));

        assertThat(new String(new JsonLogEncoder(true).encode(event), StandardCharsets.UTF_8))
                .endsWith(",\"bytes_sent\":7}\n")
                .doesNotContain("never");
    }

    private static LoggingEvent event() {
        LoggingEvent event = new LoggingEvent(
                "x", new LoggerContext().getLogger("io.hanse.x"), Level.INFO, "peer refused", null, null);
        event.addKeyValuePair(new KeyValuePair(LogKeys.PEER, "spiffe://a \"quoted\""));
        event.addKeyValuePair(new KeyValuePair(LogKeys.BYTES_SENT, 7));
        return event;
    }

    private TelemetryServer start() throws Exception {
        return TelemetryServer.start(vertx, new HostPort("127.0.0.1", 0), metrics, health::get);
    }

    private static HttpResponse<String> get(TelemetryServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri(server, path))
                            .timeout(Duration.ofSeconds(DEADLINE_SECONDS))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static URI uri(TelemetryServer server, String path) {
        return URI.create("http://" + server.address() + path);
    }
}
