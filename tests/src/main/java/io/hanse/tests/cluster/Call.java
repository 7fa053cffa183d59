/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.model.reason.InWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One HTTP call on a connection of its own, as a workload makes it: plain text to its own outbound listener. */
public sealed interface Call {

    /** The server's status and what it answered. */
    record Answered(int status, String body) implements Call {}

    /** Refused, reset, silent or not HTTP. */
    record Failed(String how) implements Call {}

    /** Whether a backend answered its name. */
    default boolean isFrom(String backend) {
        return this instanceof Answered answered
                && answered.status() == 200
                && answered.body().equals(backend);
    }

    /** Longer than all tries of a proxy together; a call that takes it has failed. */
    Duration DEADLINE = Duration.ofSeconds(20);

    /** The backends answer one line. */
    int MAX_ANSWER_BYTES = 64 * 1024;

    /** Calls {@code GET /} at a listener. */
    static Call get(InetSocketAddress listener) {
        try (Socket socket = open(listener, "/")) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answer.write(buffer, 0, read);
                if (answer.size() > MAX_ANSWER_BYTES) {
                    return new Failed("the answer is too long");
                }
            }
            return parse(answer.toString(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new Failed(InWords.of(e));
        }
    }

    /** A connection that has asked for a path and reads with a deadline; the caller closes it. */
    static Socket open(InetSocketAddress listener, String path) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(listener, (int) DEADLINE.toMillis());
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: backend.shop\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Call parse(String text) {
        int body = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || body < 0) {
            return new Failed(
                    text.isEmpty() ? "the connection was closed without an answer" : "the answer is cut short");
        }
        int status = Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
        String answer = text.substring(body + 4);
        return answer.endsWith("\n") ? new Answered(status, answer.strip()) : new Failed("the answer is cut short");
    }
}
