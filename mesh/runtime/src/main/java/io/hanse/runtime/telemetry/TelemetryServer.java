/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics} (also {@code /stats/prometheus}), {@code /healthz/ready} and {@code /healthz/live} over HTTP.
 *
 * <p>Read only. Readiness is answered on the event loop, metrics on a worker.
 */
public final class TelemetryServer implements AutoCloseable {

    /** Seconds a scraper's connection may be silent; Prometheus comes every 15 to 60. */
    private static final int IDLE_SECONDS = 90;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** What readiness answers; ready when nothing is unfinished and no drain has begun. */
    public record Health(boolean ready, boolean draining, List<String> unfinished) {
        public Health {
            unfinished = List.copyOf(unfinished);
        }
    }

    private final Vertx vertx;
    private final Metrics metrics;
    private final Supplier<Health> health;
    private final HttpServer server;
    private final String host;

    private TelemetryServer(Vertx vertx, String host, Metrics metrics, Supplier<Health> health) {
        this.vertx = vertx;
        this.host = host;
        this.metrics = metrics;
        this.health = health;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setHttp2ClearTextEnabled(false))
                .requestHandler(this::answer);
    }

    /**
     * Listens; blocks until bound.
     *
     * @param address port 0 takes a free one
     * @throws TimeoutException if binding takes too long; an address that cannot be bound is thrown as the transport
     *     throws it
     */
    public static TelemetryServer start(Vertx vertx, HostPort address, Metrics metrics, Supplier<Health> health)
            throws TimeoutException {
        TelemetryServer telemetry = new TelemetryServer(vertx, address.host(), metrics, health);
        telemetry.server.listen(address.port(), address.host()).await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return telemetry;
    }

    /** Where it listens, with the port really bound. */
    public HostPort address() {
        return new HostPort(host, server.actualPort());
    }

    @Override
    public void close() throws TimeoutException {
        server.shutdown(Duration.ZERO).await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
            return;
        }
        switch (String.valueOf(request.path())) {
            case "/metrics", "/stats/prometheus" -> scrape(response);
            case "/healthz/ready" -> ready(response);
            case "/healthz/live" ->
                response.putHeader("Content-Type", "text/plain").end("live\n");
            default ->
                response.setStatusCode(404)
                        .putHeader("Content-Type", "text/plain")
                        .end("here are /metrics /stats/prometheus /healthz/ready /healthz/live\n");
        }
    }

    private void scrape(HttpServerResponse response) {
        vertx.executeBlocking(metrics::scrape, false)
                .onSuccess(text ->
                        response.putHeader("Content-Type", PROMETHEUS_TEXT).end(text))
                .onFailure(e -> response.setStatusCode(500).end());
    }

    private void ready(HttpServerResponse response) {
        Health now = health.get();
        response.setStatusCode(now.ready() ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end(Json.text(now) + "\n");
    }
}
