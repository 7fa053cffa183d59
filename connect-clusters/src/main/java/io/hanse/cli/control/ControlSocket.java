/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hanse.cli.time.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The control API of one process. Each request has its own connection, ends by a deadline and takes at most
 * {@value #MAX_ANSWER_BYTES} bytes of answer. Any thread.
 */
public final class ControlSocket {

    /** A catalog of 10,000 services is about 4 MiB of JSON; twice the room of the largest we design for. */
    static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;

    /** The kernel's limit of a Unix socket's path (sun_path, 108 bytes with its final zero). */
    private static final int MAX_PATH_BYTES = 107;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path socket;
    private final Pace pace;

    public ControlSocket(Path socket, Pace pace) {
        this.socket = socket;
        this.pace = pace;
    }

    /** Where it listens. */
    public Path path() {
        return socket;
    }

    /** Asks without changing anything. */
    public ControlReply get(String target, Duration deadline) {
        return exchange("GET", target, new byte[0], deadline);
    }

    /** Has something done. */
    public ControlReply post(String target, JsonNode body, Duration deadline) {
        try {
            return exchange("POST", target, JSON.writeValueAsBytes(body), deadline);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** Has something removed. */
    public ControlReply delete(String target, Duration deadline) {
        return exchange("DELETE", target, new byte[0], deadline);
    }

    private ControlReply exchange(String method, String target, byte[] body, Duration deadline) {
        if (!Files.exists(socket)) {
            return new ControlReply.Unreachable("there is no socket " + socket);
        }
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            return new ControlReply.Unreachable(
                    "the path of socket %s is longer than the %d bytes a Unix socket may have"
                            .formatted(socket, MAX_PATH_BYTES));
        }
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            Conversation conversation = new Conversation(channel, key, pace.start(), deadline);
            conversation.send(request(method, target, body));
            return reply(HttpAnswer.parse(conversation.receive()));
        } catch (IOException e) {
            return new ControlReply.Unreachable("socket %s: %s".formatted(socket, e.getMessage()));
        }
    }

    private static ByteBuffer request(String method, String target, byte[] body) {
        // HTTP/1.0: the answer is not chunked and its end is the end of the connection.
        String head = method + " " + target + " HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n"
                + "Connection: close\r\n"
                + (body.length == 0 && method.equals("GET")
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                + "\r\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(headBytes.length + body.length)
                .put(headBytes)
                .put(body)
                .flip();
    }

    private static ControlReply reply(HttpAnswer answer) {
        JsonNode body;
        try {
            body = answer.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(answer.body());
        } catch (IOException e) {
            return new ControlReply.Unreachable("the answer is not JSON: " + e.getMessage());
        }
        if (answer.status() >= 200 && answer.status() < 300) {
            return new ControlReply.Answered(body);
        }
        return new ControlReply.Refused(
                answer.status(),
                body.path("code").asText(""),
                body.path("title").asText("status " + answer.status()),
                body.path("detail").asText(""),
                body.path("next").asText(""));
    }

    /** One request and its answer on a channel that never blocks, so that the deadline holds. */
    private record Conversation(SocketChannel channel, SelectionKey key, Pace.Stopwatch watch, Duration deadline) {

        void send(ByteBuffer request) throws IOException {
            while (request.hasRemaining()) {
                if (channel.write(request) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        }

        byte[] receive() throws IOException {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (true) {
                int read = channel.read(buffer.clear());
                if (read < 0) {
                    return answer.toByteArray();
                }
                if (read == 0) {
                    await(SelectionKey.OP_READ);
                    continue;
                }
                answer.write(buffer.array(), 0, read);
                if (answer.size() > MAX_ANSWER_BYTES) {
                    throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
                }
            }
        }

        private void await(int operation) throws IOException {
            key.interestOps(operation);
            long left = deadline.minus(watch.elapsed()).toMillis();
            if (left <= 0 || key.selector().select(left) == 0 && deadline.compareTo(watch.elapsed()) <= 0) {
                throw new IOException("no answer within " + deadline.toMillis() + " ms");
            }
            key.selector().selectedKeys().clear();
        }
    }
}
