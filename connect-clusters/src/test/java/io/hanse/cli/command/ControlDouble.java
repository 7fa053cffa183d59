/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

/** A process's control socket with fixed answers, which remembers what it was asked. */
final class ControlDouble implements AutoCloseable {

    private final ServerSocketChannel server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Future<Boolean> serving;

    ControlDouble(Path socket) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().resolveSibling(""));
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        serving = Pace.ofSystem().beside("control", this::serve);
    }

    /** Answers {@code GET /v1/x} and the like with 200 and this document. */
    ControlDouble answers(String request, String json) {
        answers.put(request, "HTTP/1.0 200 OK\r\n\r\n" + json);
        return this;
    }

    /** Refuses with a problem document. */
    ControlDouble refuses(String request, int status, String problem) {
        answers.put(request, "HTTP/1.0 " + status + " Refused\r\n\r\n" + problem);
        return this;
    }

    /** Method, target and body of every request, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    boolean isServing() {
        return !serving.isDone();
    }

    private boolean serve() throws IOException {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                answer(channel);
            }
        }
        return true;
    }

    private void answer(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        String text = "";
        while (!isWhole(text) && channel.read(buffer) >= 0) {
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
        String[] line = text.split(" ", 3);
        String request = line[0] + " " + line[1];
        requests.add((request + " " + text.substring(text.indexOf("\r\n\r\n") + 4)).strip());
        String answer =
                answers.getOrDefault(request, "HTTP/1.0 404 Not Found\r\n\r\n{\"title\":\"there is no such path\"}");
        ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static boolean isWhole(String text) {
        int head = text.indexOf("\r\n\r\n");
        int length = text.contains("Content-Length: ")
                ? Integer.parseInt(text.replaceFirst("(?s).*Content-Length: ([0-9]+).*", "$1"))
                : 0;
        return head >= 0 && text.length() >= head + 4 + length;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
