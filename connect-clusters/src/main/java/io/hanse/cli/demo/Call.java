/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.model.reason.InWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One HTTP call on a connection of its own, as a workload makes it: plain text to its own outbound listener. */
final class Call {

    /** Longer than any retry of the proxy; a call that takes it has failed. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** The backends answer one line. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private Call() {}

    /** How it ended. */
    sealed interface Outcome {

        /** The server's status and the line it answered. */
        record Answered(int status, String line) implements Outcome {}

        /** The connection was refused, reset or silent. */
        record Failed(String how) implements Outcome {}

        /** Whether the server of {@code cluster} said 200. */
        default boolean isFrom(String cluster) {
            return this instanceof Answered answered
                    && answered.status() == 200
                    && answered.line().equals(Backend.greeting(cluster));
        }
    }

    /** Calls {@code GET /} at a listener. */
    static Outcome get(InetSocketAddress listener) {
        try (Socket socket = open(listener, "/")) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answer.write(buffer, 0, read);
                if (answer.size() > MAX_ANSWER_BYTES) {
                    return new Outcome.Failed("the answer is too long");
                }
            }
            return parse(answer.toString(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new Outcome.Failed(InWords.of(e));
        }
    }

    /** A connection that has asked for {@code path} and reads with a deadline; the caller closes it. */
    static Socket open(InetSocketAddress listener, String path) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(listener, (int) DEADLINE.toMillis());
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: api-server.shop\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** {@code address:port} of a listener of ours. */
    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Outcome parse(String text) {
        if (text.isEmpty()) {
            return new Outcome.Failed("the connection was closed without an answer");
        }
        int body = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || body < 0) {
            return new Outcome.Failed("the answer is not HTTP");
        }
        return new Outcome.Answered(
                Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3)),
                text.substring(body + 4).strip());
    }
}
