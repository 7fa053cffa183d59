/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import io.hanse.runtime.config.DurationText;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns HTTP requests into calls of the API and its replies into responses. Event loop, except the handlers.
 *
 * <p>A request is answered once: by its handler, or by the first limit it breaks.
 */
final class ControlRequests {

    private static final Logger log = LoggerFactory.getLogger(ControlRequests.class);

    private final Vertx vertx;
    private final ControlApi api;
    private final ExecutorService workers;
    private final Duration timeLimit;
    private final Semaphore free;

    ControlRequests(Vertx vertx, ControlApi api, ExecutorService workers, Duration timeLimit, int maxRequests) {
        this.vertx = vertx;
        this.api = api;
        this.workers = workers;
        this.timeLimit = timeLimit;
        this.free = new Semaphore(maxRequests);
    }

    void accept(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > ControlServer.MAX_BODY_BYTES) {
                request.handler(rest -> {});
                request.endHandler(end -> {});
                request.response().putHeader("Connection", "close");
                send(
                        request.response(),
                        Reply.problem(
                                413,
                                "body-too-long",
                                "the body is longer than this API takes",
                                "at most %d bytes".formatted(ControlServer.MAX_BODY_BYTES),
                                ""));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> call(request, body));
    }

    private void call(HttpServerRequest request, Buffer body) {
        if (!free.tryAcquire()) {
            send(
                    request.response(),
                    Reply.problem(
                            503,
                            "busy",
                            "too many requests at once",
                            "the control API is for one operator",
                            "try again"));
            return;
        }
        String method = request.method().name();
        String path = request.path() == null ? "" : request.path();
        Map<String, String> query = new LinkedHashMap<>();
        request.params().forEach(entry -> query.putIfAbsent(entry.getKey(), entry.getValue()));
        String text = body.toString(StandardCharsets.UTF_8);
        HttpServerResponse response = request.response();
        Context loop = vertx.getOrCreateContext();
        AtomicReference<@Nullable Thread> running = new AtomicReference<>();
        long timer = vertx.setTimer(timeLimit.toMillis(), late -> {
            Thread worker = running.getAndSet(null);
            if (worker != null) {
                worker.interrupt();
            }
            send(response, tooLong());
        });
        response.endHandler(end -> vertx.cancelTimer(timer));
        try {
            workers.execute(() -> {
                running.set(Thread.currentThread());
                try {
                    Rendered rendered = rendered(() -> api.dispatch(method, decoded(path), query, text));
                    loop.runOnContext(done -> send(response, rendered));
                } finally {
                    running.set(null);
                    free.release();
                }
            });
        } catch (RejectedExecutionException e) {
            free.release();
            send(response, Reply.problem(503, "draining", "the process is ending", "", ""));
        }
    }

    /** On a virtual thread: the top of a handler, so whatever escapes it is a bug and is answered as one. */
    private static Rendered rendered(Supplier<Reply> handler) {
        try {
            return Rendered.of(handler.get());
        } catch (Refusal refusal) {
            return Rendered.of(refusal.problem());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("control handler failed, this is a bug");
            return Rendered.of(Reply.problem(
                    500,
                    "bug",
                    "the process failed to answer; this is a bug",
                    "its log has the details",
                    "report it with the log of this process"));
        }
    }

    private Reply.Problem tooLong() {
        return Reply.problem(
                504, "took-too-long", "the answer took too long", "limit: " + DurationText.format(timeLimit), "");
    }

    /** The parts of a path, each decoded by itself, so that an encoded slash stays inside its part. */
    private static List<String> decoded(String path) {
        try {
            return Route.split(path).stream()
                    // URLDecoder reads form encoding, in which a plus is a blank; in a path it is a plus.
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new Refusal(Reply.problem(400, "malformed-path", "the path is not percent-encoded well", path, ""));
        }
    }

    private static void send(HttpServerResponse response, Reply reply) {
        send(response, Rendered.of(reply));
    }

    private static void send(HttpServerResponse response, Rendered rendered) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(rendered.status())
                .putHeader("Content-Type", rendered.contentType())
                .end(rendered.body())
                .onFailure(e -> log.atDebug().setCause(e).log("control client went away"));
    }

    private record Rendered(int status, String contentType, Buffer body) {

        static Rendered of(Reply reply) {
            return switch (reply) {
                case Reply.Json json -> new Rendered(200, "application/json", Buffer.buffer(Json.bytes(json.value())));
                case Reply.Problem problem ->
                    new Rendered(problem.status(), "application/problem+json", Buffer.buffer(Json.bytes(problem)));
            };
        }
    }
}
