/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.publish.PeerRequests.PeerReply;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bundle endpoint (Federation 5.2): {@code GET /} answers the newest bundle document to anybody. Where
 * {@link PeerRequests} are given, the two POSTs of docs/wires.md are answered too.
 *
 * <p>Each connection carries one request, has {@link #CONNECTION_LIMIT} for all of it, and is closed after its answer.
 * Handlers run on event loops.
 */
public final class BundleServer {

    /** A handshake, a request of 1 MiB over a slow line, and its answer. */
    static final Duration CONNECTION_LIMIT = Duration.ofSeconds(15);

    /** Peers poll once a minute at most; 500 peers at the same instant fit twice. */
    static final int MAX_CONNECTIONS = 1_024;

    /** A bundle document and the acceptor's few lines around it. */
    static final int MAX_REQUEST_BYTES = BundleJson.MAX_BYTES + (64 << 10);

    /** POSTs in work; each may hold a body and waits for the disk. */
    static final int MAX_POSTS = 16;

    /** How long the rest of a request is read and dropped after its answer; a reset could take the answer with it. */
    static final Duration LINGER = Duration.ofSeconds(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final String ACCEPT = "/hanse/v1/accept";
    private static final String FAREWELL = "/hanse/v1/farewell";
    private static final Logger LOG = LoggerFactory.getLogger(BundleServer.class);

    private final Vertx vertx;
    private final HostPort address;
    private final KeyCertOptions keys;
    private final StateStore store;
    private final Optional<PeerRequests> peers;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final EndpointMeters meters;
    private final RateLimit rate;
    private final Semaphore posts = new Semaphore(MAX_POSTS);
    private final AtomicInteger connections = new AtomicInteger();
    private Optional<HttpServer> server = Optional.empty();

    /**
     * An endpoint; {@link #start} binds it.
     *
     * @param profile {@code https_spiffe} or {@code https_web}, for logs and metrics
     * @param keys what it shows; asked at each handshake
     * @param peers who answers POSTs; none on https_web
     */
    public BundleServer(
            Vertx vertx,
            HostPort address,
            String profile,
            KeyCertOptions keys,
            StateStore store,
            Optional<PeerRequests> peers,
            Surroundings surroundings) {
        this.vertx = vertx;
        this.address = address;
        this.keys = keys;
        this.store = store;
        this.peers = peers;
        this.scheduler = surroundings.scheduler();
        this.clock = surroundings.clock();
        this.meters = new EndpointMeters(
                surroundings.metrics(), profile, connections, () -> MAX_POSTS - posts.availablePermits());
        this.rate = new RateLimit(surroundings.ticker());
    }

    /** What the process gives an endpoint. */
    public record Surroundings(Scheduler scheduler, InstantSource clock, Ticker ticker, MeterRegistry metrics) {}

    /**
     * Binds and serves; blocks until bound.
     *
     * @return the bound address
     * @throws CompletionException with a {@link java.net.BindException} as cause if the address cannot be bound
     */
    public synchronized HostPort start() {
        EndpointOptions.prepare(vertx, keys);
        HttpServer made = vertx.createHttpServer(EndpointOptions.of(keys))
                .connectionHandler(this::admit)
                .requestHandler(this::handle);
        made.listen(address.port(), address.host())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        server = Optional.of(made);
        return new HostPort(address.host(), made.actualPort());
    }

    /** Stops; blocks up to some seconds. */
    public synchronized void close() {
        server.ifPresent(running -> {
            try {
                running.close()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            } catch (CompletionException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, String.valueOf(e.getCause()))
                        .log("a bundle endpoint did not close cleanly");
            }
        });
        server = Optional.empty();
    }

    private void admit(HttpConnection connection) {
        if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            connections.decrementAndGet();
            meters.refused();
            connection.close();
            return;
        }
        long timer = vertx.setTimer(CONNECTION_LIMIT.toMillis(), id -> connection.close());
        connection.closeHandler(closed -> {
            connections.decrementAndGet();
            vertx.cancelTimer(timer);
        });
    }

    private void handle(HttpServerRequest request) {
        request.exceptionHandler(failure -> LOG.atDebug().setCause(failure).log("a request broke off"));
        request.response()
                .exceptionHandler(failure -> LOG.atDebug().setCause(failure).log("an answer broke off"));
        boolean post = request.method().equals(HttpMethod.POST);
        String path = String.valueOf(request.path());
        switch (path) {
            case "/" -> {
                if (request.method().equals(HttpMethod.GET)) {
                    serve(request);
                } else {
                    plain(request, 405, "GET");
                }
            }
            case ACCEPT, FAREWELL -> {
                if (peers.isEmpty()) {
                    plain(request, 404, "");
                } else if (!post) {
                    plain(request, 405, "POST");
                } else {
                    collect(request, path, peers.get());
                }
            }
            default -> plain(request, 404, "");
        }
    }

    private void serve(HttpServerRequest request) {
        Optional<TrustBundle> own = store.current().own();
        if (own.isEmpty()) {
            audit(request, 503);
            plain(request, 503, "");
            return;
        }
        audit(request, 200);
        reply(request, new PeerReply(200, true, "application/json", Body.of(BundleJson.format(own.get()))));
    }

    /** Federation 7.6: who asked, for forensics. The far end of a passed-through connection is the gateway. */
    private void audit(HttpServerRequest request, int status) {
        meters.served(status);
        LOG.atInfo()
                .addKeyValue(LogKeys.EVENT, "bundle_requested")
                .addKeyValue(LogKeys.SRC_ADDRESS, String.valueOf(request.remoteAddress()))
                .addKeyValue(LogKeys.OUTCOME, status)
                .addKeyValue(
                        LogKeys.SEQUENCE,
                        store.current()
                                .own()
                                .map(bundle -> bundle.sequence().orElse(0))
                                .orElse(0L))
                .log("the own bundle was requested");
    }

    private void collect(HttpServerRequest request, String path, PeerRequests requests) {
        if (!posts.tryAcquire()) {
            reply(request, requests.tooMany());
            return;
        }
        Place place = new Place();
        request.response().endHandler(answered -> place.leave()).closeHandler(brokenOff -> place.leave());
        Buffer collected = Buffer.buffer();
        request.handler(chunk -> {
            if (collected.length() + chunk.length() > MAX_REQUEST_BYTES) {
                request.handler(ignored -> {});
                request.endHandler(end -> {});
                reply(request, limited(request, requests, requests.tooLarge()));
            } else {
                collected.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            place.decide();
            Body body = Body.of(collected.getBytes());
            Optional<String> proof = Optional.ofNullable(request.getHeader("Hanse-Proof"));
            Optional<String> authorization = Optional.ofNullable(request.getHeader("Authorization"));
            decide(
                    request,
                    requests,
                    place,
                    path.equals(ACCEPT) ? () -> requests.accept(body, proof) : () -> requests.farewell(authorization));
        });
    }

    private void decide(HttpServerRequest request, PeerRequests requests, Place place, Supplier<PeerReply> decision) {
        Context loop = vertx.getOrCreateContext();
        scheduler.now(() -> {
            try {
                PeerReply reply = limited(request, requests, decision.get());
                loop.runOnContext(ignored -> reply(request, reply));
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a peer's request could not be decided");
                loop.runOnContext(ignored -> plain(request, 500, ""));
            } finally {
                place.giveBack();
            }
        });
    }

    /** Judged after the decision: strangers must not use up what those need who can prove who they are. */
    private PeerReply limited(HttpServerRequest request, PeerRequests requests, PeerReply reply) {
        return reply.proved() || rate.admits(request.remoteAddress().hostAddress()) ? reply : requests.tooMany();
    }

    private void plain(HttpServerRequest request, int status, String allow) {
        if (!allow.isEmpty()) {
            request.response().putHeader("Allow", allow);
        }
        reply(request, new PeerReply(status, true, "text/plain", Body.of("")));
    }

    private void reply(HttpServerRequest request, PeerReply reply) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.response()
                .setStatusCode(reply.status())
                .putHeader("Content-Type", reply.mediaType())
                .putHeader(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .putHeader("Connection", "close")
                .end(Buffer.buffer(reply.body().bytes()))
                .onComplete(written -> hangUp(request));
    }

    private void hangUp(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        long timer = vertx.setTimer(LINGER.toMillis(), id -> connection.close());
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            connection.close();
        });
    }

    /** One of {@link #MAX_POSTS}: given back once, after the decision if there is one, else when the request is over. */
    private final class Place {

        private final AtomicBoolean given = new AtomicBoolean();
        private final AtomicBoolean deciding = new AtomicBoolean();

        void decide() {
            deciding.set(true);
        }

        void leave() {
            if (!deciding.get()) {
                giveBack();
            }
        }

        void giveBack() {
            if (given.compareAndSet(false, true)) {
                posts.release();
            }
        }
    }
}
