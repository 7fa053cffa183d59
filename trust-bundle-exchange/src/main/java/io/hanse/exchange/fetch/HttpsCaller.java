/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.fetch.HttpsAnswer.Answered;
import io.hanse.exchange.fetch.HttpsAnswer.Failed;
import io.hanse.exchange.fetch.HttpsAnswer.Stage;
import io.hanse.exchange.web.Body;
import io.hanse.exchange.web.WebTls;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.tls.PeerRefused;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * Makes one HTTPS request on a connection of its own, so that every request verifies the other side anew. Bounded in
 * time, header and body size; follows no redirect; shows no client certificate (Federation 5.2).
 *
 * <p>Blocking; call it on a virtual thread, never on an event loop.
 */
public final class HttpsCaller implements HttpsLine {

    /** A bundle of a thousand certificates fits (Bundle 4); more is not read. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    /** Headers of an answer; ours are below 1 KiB, a load balancer adds a few. */
    private static final int MAX_HEADER_BYTES = 16 << 10;

    private static final int HTTPS_PORT = 443;

    /** A SYN, two repeats of it, and an answer. Leaves time for the next gateway. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    private final Vertx vertx;

    public HttpsCaller(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public HttpsAnswer call(HttpsCall call) {
        AtomicReference<Stage> stage = new AtomicReference<>(Stage.CONNECT);
        HttpClient client = vertx.createHttpClient(options(call), new PoolOptions().setHttp1MaxSize(1));
        try {
            Future<Answered> answer = client.request(request(call))
                    .compose(request -> send(request, call, stage))
                    .compose(HttpsCaller::read);
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(call.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return failed(stage.get(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return new Failed(
                    stage.get(),
                    ReasonCode.IDLE_TIMEOUT,
                    "no whole answer within %d ms".formatted(call.limit().toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failed(stage.get(), ReasonCode.DRAINING, "interrupted");
        } finally {
            client.close();
        }
    }

    private static Future<HttpClientResponse> send(
            HttpClientRequest request, HttpsCall call, AtomicReference<Stage> stage) {
        stage.set(Stage.SENT);
        call.headers().forEach(request::putHeader);
        Future<HttpClientResponse> response = call.body().isPresent()
                ? request.send(Buffer.buffer(call.body().get().bytes()))
                : request.send();
        return response;
    }

    private static Future<Answered> read(HttpClientResponse response) {
        Promise<Answered> done = Promise.promise();
        Buffer collected = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(chunk -> {
            if (collected.length() + chunk.length() > MAX_BODY_BYTES) {
                done.tryFail(new TooLarge());
                response.request().connection().close();
            } else {
                collected.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> done.tryComplete(new Answered(
                response.statusCode(),
                Optional.ofNullable(response.getHeader("Location")),
                Optional.ofNullable(response.getHeader("Date")).flatMap(HttpsCaller::date),
                Body.of(collected.getBytes()))));
        return done.future();
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Failed failed(Stage stage, Throwable cause) {
        if (cause instanceof TooLarge) {
            return new Failed(
                    stage, ReasonCode.BUNDLE_TOO_LARGE, "the answer is larger than %d bytes".formatted(MAX_BODY_BYTES));
        }
        Optional<PeerRefused> refused = PeerRefused.in(cause);
        if (refused.isPresent()) {
            return new Failed(
                    Stage.VERIFY, refused.get().reason(), refused.get().detail());
        }
        if (isTls(cause)) {
            return new Failed(stage == Stage.CONNECT ? Stage.VERIFY : stage, PeerRefused.reasonOf(cause), said(cause));
        }
        ReasonCode reason = stage == Stage.CONNECT ? ReasonCode.PEER_UNREACHABLE : ReasonCode.PROTOCOL_ERROR;
        return new Failed(stage, reason, said(cause));
    }

    private static boolean isTls(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; depth < 8 && at != null; depth++) {
            if (at instanceof SSLException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static String said(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    private static RequestOptions request(HttpsCall call) {
        URI url = call.url();
        int port = url.getPort() < 0 ? HTTPS_PORT : url.getPort();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(call.body().isPresent() ? HttpMethod.POST : HttpMethod.GET)
                .setHost(bare(url.getHost()))
                .setPort(port)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false);
        call.connectTo().map(HttpsCaller::socket).ifPresent(options::setServer);
        return options;
    }

    private static HttpClientOptions options(HttpsCall call) {
        Duration connect = call.limit().compareTo(CONNECT_LIMIT) < 0 ? call.limit() : CONNECT_LIMIT;
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(TrustOptions.wrap(call.trust()))
                .setVerifyHost(call.verifyHost())
                .setForceSni(call.connectTo().isPresent())
                .setUseAlpn(false)
                .setKeepAlive(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setConnectTimeout((int) connect.toMillis());
        options.setSslHandshakeTimeout(Math.max(1, call.limit().toMillis()))
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setEnabledSecureTransportProtocols(WebTls.PROTOCOLS);
        WebTls.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        return options;
    }

    private static SocketAddress socket(HostPort address) {
        return SocketAddress.inetSocketAddress(address.port(), address.host());
    }

    /** A URL writes an IPv6 host in brackets; a socket does not. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
