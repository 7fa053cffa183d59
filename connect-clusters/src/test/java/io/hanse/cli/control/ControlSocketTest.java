/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on a real Unix socket that answers exactly what a test says. */
final class ControlSocketTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final Pace pace = Pace.ofSystem();
    private Path path = Path.of("");
    private ServerSocketChannel server = closed();

    private static ServerSocketChannel closed() {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void listen(@TempDir Path folder) throws IOException {
        path = folder.resolve("a.sock");
        server.bind(UnixDomainSocketAddress.of(path));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void givesTheAnswersDocument() throws Exception {
        Future<String> request = answering("HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":\"b\"}\n");
        assertThat(socket().get("/v1/status", DEADLINE))
                .asInstanceOf(type(ControlReply.Answered.class))
                .satisfies(
                        answer -> assertThat(answer.body().path("a").asText()).isEqualTo("b"));
        assertThat(request.get()).startsWith("GET /v1/status HTTP/1.0\r\n");
    }

    @Test
    void sendsTheBodyOfAPost() throws Exception {
        Future<String> request = answering("HTTP/1.1 200 OK\r\n\r\n{}");
        socket().post("/v1/invitations", JsonNodeFactory.instance.objectNode().put("cluster", "lubeck"), DEADLINE);
        assertThat(request.get())
                .startsWith("POST /v1/invitations HTTP/1.0\r\n")
                .contains("Content-Length: 20\r\n")
                .endsWith("\r\n\r\n{\"cluster\":\"lubeck\"}");
    }

    @Test
    void givesAProblemWithItsCodeAndNextCommand() {
        answer("HTTP/1.0 409 Conflict\r\n\r\n"
                + "{\"status\":409,\"code\":\"used\",\"title\":\"used\",\"detail\":\"3m ago\",\"next\":\"ask again\"}");
        assertThat(socket().get("/", DEADLINE))
                .isEqualTo(new ControlReply.Refused(409, "used", "used", "3m ago", "ask again"));
    }

    @Test
    void refusesAnAnswerThatIsCutShort() {
        answer("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{}");
        assertThat(reason(socket().get("/", DEADLINE))).contains("cut short");
    }

    @Test
    void refusesAnAnswerThatIsNotHttp() {
        answer("hello\r\n\r\n");
        assertThat(reason(socket().get("/", DEADLINE))).contains("not HTTP");
    }

    @Test
    void refusesAnAnswerThatIsNotJson() {
        answer("HTTP/1.0 200 OK\r\n\r\n<html>");
        assertThat(reason(socket().get("/", DEADLINE))).contains("not JSON");
    }

    @Test
    void saysWhenTheConnectionEndsWithoutAnAnswer() {
        answer("");
        assertThat(reason(socket().get("/", DEADLINE))).contains("closed without an answer");
    }

    @Test
    void givesUpOnAProcessThatIsSilent() {
        assertThat(reason(socket().get("/", SHORT))).contains("no answer within 200 ms");
    }

    @Test
    void refusesAnAnswerWithoutEnd() {
        String block = "x".repeat(1024 * 1024);
        answer("HTTP/1.0 200 OK\r\n\r\n" + block.repeat(17));
        assertThat(reason(socket().get("/", DEADLINE))).contains("longer than");
    }

    @Test
    void saysThatThereIsNoSocket(@TempDir Path folder) {
        ControlSocket missing = new ControlSocket(folder.resolve("none.sock"), pace);
        assertThat(reason(missing.get("/", DEADLINE)))
                .contains("there is no socket")
                .contains("none.sock");
    }

    @Test
    void saysThatNobodyListensBehindASocketThatWasLeft() throws IOException {
        server.close();
        assertThat(reason(socket().get("/", DEADLINE))).contains("refused");
    }

    private ControlSocket socket() {
        return new ControlSocket(path, pace);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it was asked is another test's matter
    private void answer(String answer) {
        answering(answer);
    }

    private static String reason(ControlReply reply) {
        assertThat(reply).isInstanceOf(ControlReply.Unreachable.class);
        return ((ControlReply.Unreachable) reply).reason();
    }

    private Future<String> answering(String answer) {
        return pace.beside("server", () -> {
            try (SocketChannel channel = server.accept()) {
                String request = read(channel);
                ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return request;
            }
        });
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (true) {
            channel.read(buffer);
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            int head = text.indexOf("\r\n\r\n");
            int length = text.contains("Content-Length: ")
                    ? Integer.parseInt(text.replaceFirst("(?s).*Content-Length: ([0-9]+).*", "$1"))
                    : 0;
            if (head >= 0 && text.length() >= head + 4 + length) {
                return text;
            }
        }
    }
}
