/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.testing.TestSvid;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidKeyManager;
import io.hanse.transport.tls.X509Svid;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody else's HTTPS server on loopback; answers as a test tells it and counts who came. */
final class FakeEndpoint implements AutoCloseable {

    private final HttpServer server;
    private final SvidCell shown;
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Handler<HttpServerRequest> answer = request -> status(request, 404);

    FakeEndpoint(Vertx vertx, TestSvid svid) throws MalformedSvid {
        shown = new SvidCell(X509Svid.of(svid.chain(), svid.key()));
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(new SvidKeyManager(shown))))
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(request -> {
                    paths.add(request.path());
                    answer.handle(request);
                });
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    void show(TestSvid svid) throws MalformedSvid {
        shown.publish(X509Svid.of(svid.chain(), svid.key()));
    }

    void answer(Handler<HttpServerRequest> how) {
        answer = how;
    }

    void serve(TrustBundle bundle) {
        serve(BundleJson.format(bundle));
    }

    void serve(byte[] body) {
        answer = request -> request.response().end(Buffer.buffer(body));
    }

    void redirect(int status, String location) {
        answer = request -> request.response()
                .setStatusCode(status)
                .putHeader("Location", location)
                .end();
    }

    static void status(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    URI url(String host, String path) {
        return URI.create("https://%s:%d%s".formatted(host, server.actualPort(), path));
    }

    URI url() {
        return url("127.0.0.1", "/");
    }

    /** The path of every request, in order. */
    List<String> paths() {
        return paths;
    }

    /** How many TLS connections were made. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
