/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {

    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final ControlApi api = new ControlApi();

    record Greeting(String name, int times) {}

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void answersOverASocketThatOnlyItsOwnerCanOpen() throws IOException {
        api.get("/v1/hello", request -> Reply.json(new Greeting("you", 1)));
        Path socket = directory.resolve("run/spiffe-ca.sock");
        try (ControlServer server = ControlServer.start(vertx, socket, api)) {
            assertThat(server).isNotNull();
            UnixHttp.Response response = UnixHttp.get(socket, "/v1/hello");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.head().toLowerCase(Locale.ROOT)).contains("content-type: application/json");
            assertThat(response.body()).isEqualTo("{\"name\":\"you\",\"times\":1}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run"))))
                    .isEqualTo("rwx------");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void givesPathPartsQueryAndBodyToTheHandler() throws IOException {
        api.post("/v1/peers/{peer}/{what}", request -> {
            Greeting body = request.body(Greeting.class);
            return Reply.json(List.of(
                    request.path("peer"),
                    request.path("what"),
                    request.query("q").orElse("-"),
                    body.name()));
        });
        api.post("/v1/peers/{peer}/word", request -> Reply.json("the word wins"));
        serve(socket -> {
            assertThat(UnixHttp.request(
                                    socket, "POST", "/v1/peers/a%2Fb+c/x?q=%C3%BC&q=2", "{\"name\":\"n\",\"times\":1}")
                            .body())
                    .isEqualTo("[\"a/b+c\",\"x\",\"ü\",\"n\"]");
            assertThat(UnixHttp.request(socket, "POST", "/v1/peers/a/word", "").body())
                    .isEqualTo("\"the word wins\"");
        });
    }

    @Test
    void refusesWithProblemDocumentsThatHaveACode() throws IOException {
        api.get("/v1/known", request -> Reply.json("x"));
        api.post("/v1/greet", request -> Reply.json(request.body(Greeting.class)));
        api.get(
                "/v1/peers/{name}",
                request -> Reply.problem(
                        404, "no-such-peer", "there is no such peer", request.path("name"), "connect-clusters status"));
        api.get("/v1/bug", request -> {
            throw new IllegalStateException("on purpose");
        });
        serve(socket -> {
            UnixHttp.Response peer = UnixHttp.get(socket, "/v1/peers/bergen");
            assertThat(peer.status()).isEqualTo(404);
            assertThat(peer.head()).contains("application/problem+json");
            assertThat(peer.body())
                    .isEqualTo("{\"status\":404,\"code\":\"no-such-peer\",\"title\":\"there is no such peer\","
                            + "\"detail\":\"bergen\",\"next\":\"connect-clusters status\"}");
            problem(socket, "GET", "/v1/absent", "", 404, "no-such-path");
            problem(socket, "GET", "/v1/known/", "", 404, "no-such-path");
            problem(socket, "GET", "/v1/peers/", "", 404, "no-such-path");
            problem(socket, "DELETE", "/v1/known", "", 405, "method-not-allowed");
            problem(socket, "POST", "/v1/greet", "{\"nam\":1}", 400, "malformed-body");
            problem(socket, "POST", "/v1/greet", "", 400, "malformed-body");
            problem(socket, "GET", "/v1/%zz", "", 400, "malformed-path");
            problem(socket, "GET", "/v1/bug", "", 500, "bug");
            assertThat(UnixHttp.get(socket, "/v1/bug").body()).doesNotContain("on purpose");
        });
    }

    @Test
    void takesBodiesUpToItsLimitAndNotOneByteMore() throws IOException {
        api.post("/v1/length", request -> Reply.json(request.text().length()));
        serve(socket -> {
            assertThat(UnixHttp.request(socket, "POST", "/v1/length", "x".repeat(ControlServer.MAX_BODY_BYTES))
                            .body())
                    .isEqualTo("1048576");
            problem(socket, "POST", "/v1/length", "x".repeat(ControlServer.MAX_BODY_BYTES + 1), 413, "body-too-long");
        });
    }

    @Test
    void endsAHandlerThatTakesTooLong() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean virtual = new AtomicBoolean();
        api.get("/v1/slow", request -> {
            virtual.set(Thread.currentThread().isVirtual());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Reply.json("late");
        });
        Path socket = directory.resolve("c.sock");
        try (ControlServer server = ControlServer.start(vertx, socket, api, Duration.ofMillis(100))) {
            assertThat(server).isNotNull();
            problem(socket, "GET", "/v1/slow", "", 504, "took-too-long");
            assertThat(interrupted.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(virtual).isTrue();
        }
    }

    @Test
    void replacesASocketThatADeadProcessLeft() throws IOException {
        Path socket = directory.resolve("c.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        api.get("/v1/x", request -> Reply.json(1));
        serve(live -> assertThat(UnixHttp.get(live, "/v1/x").body()).isEqualTo("1"));
    }

    @Test
    void leavesASocketAloneThatSomebodyAnswersOn() {
        Path socket = directory.resolve("c.sock");
        try (ControlServer first = ControlServer.start(vertx, socket, api)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ControlServer.start(vertx, socket, api))
                    .isInstanceOf(SocketUnusable.class)
                    .hasMessageContaining("another process answers on it");
            assertThat(socket).exists();
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws IOException {
        Path file = Files.writeString(directory.resolve("c.sock"), "precious");

        assertThatThrownBy(() -> ControlServer.start(vertx, file, api))
                .isInstanceOf(SocketUnusable.class)
                .hasMessageContaining("no socket");
        assertThat(Files.readString(file)).isEqualTo("precious");
    }

    @Test
    void refusesAPathThatLinuxWouldCutOffAndNamesTheKeyToChange() {
        Path longest = socketOfLength(107);
        try (ControlServer server = ControlServer.start(vertx, longest, api)) {
            assertThat(server).isNotNull();
            assertThat(longest).exists();
        }
        assertThatThrownBy(() -> ControlServer.start(vertx, socketOfLength(108), api))
                .isInstanceOfSatisfying(SocketUnusable.class, e -> {
                    assertThat(e).hasMessageContaining("the path has 108 bytes; Linux takes at most 107");
                    assertThat(e.next()).contains("runDirectory");
                });
    }

    @Test
    void refusesTwoRoutesOfOneShape() {
        api.get("/v1/peers/{a}", request -> Reply.json(1));

        assertThatThrownBy(() -> api.get("/v1/peers/{b}", request -> Reply.json(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private interface Talk {
        void with(Path socket) throws IOException;
    }

    private void serve(Talk talk) throws IOException {
        Path socket = directory.resolve("c.sock");
        try (ControlServer server = ControlServer.start(vertx, socket, api)) {
            assertThat(server).isNotNull();
            talk.with(socket);
        }
    }

    private Path socketOfLength(int bytes) {
        String parent = directory.toString() + "/";
        return Path.of(parent + "s".repeat(bytes - parent.length()));
    }

    private static void problem(Path socket, String method, String path, String body, int status, String code)
            throws IOException {
        UnixHttp.Response response = UnixHttp.request(socket, method, path, body);
        assertThat(response.status()).as(path).isEqualTo(status);
        assertThat(response.body()).as(path).contains("\"code\":\"" + code + "\"");
    }
}
