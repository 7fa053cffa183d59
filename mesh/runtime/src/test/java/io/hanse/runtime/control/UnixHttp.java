/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One HTTP/1.1 request over a Unix socket, on plain channels, so that a test does not trust the stack it tests. */
public final class UnixHttp {

    /** A response whose body ends with the connection. */
    public record Response(int status, String head, String body) {}

    private UnixHttp() {}

    /** Sends and waits for the whole response. */
    public static Response request(Path socket, String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, content.length);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            return parse(readAll(channel));
        }
    }

    /** GET. */
    public static Response get(Path socket, String path) throws IOException {
        return request(socket, "GET", path, "");
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (channel.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static Response parse(String text) {
        int split = text.indexOf("\r\n\r\n");
        if (split < 0) {
            throw new IllegalArgumentException("response: %s (expected: a head and a body)".formatted(text));
        }
        String head = text.substring(0, split);
        List<String> statusLine = List.of(head.split(" ", 3));
        return new Response(Integer.parseInt(statusLine.get(1)), head, text.substring(split + 4));
    }
}
