/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * An HTTP/1 answer that was read to the end of its connection (RFC 9112, 6.3 rule 8, and Content-Length if given).
 *
 * <p>A final class, since a record must not hold an array.
 */
final class HttpAnswer {

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final int status;
    private final byte[] body;

    private HttpAnswer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body.clone();
    }

    /** Reads status and body; an answer that is cut short or not HTTP is an error, never half an answer. */
    static HttpAnswer parse(byte[] bytes) throws IOException {
        int headEnd = indexOf(bytes, HEAD_END);
        if (headEnd < 0) {
            throw new IOException(
                    bytes.length == 0 ? "the connection was closed without an answer" : "the answer is not HTTP");
        }
        String[] lines = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] statusLine = lines[0].split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.") || !statusLine[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("the answer is not HTTP/1");
        }
        byte[] body = Arrays.copyOfRange(bytes, headEnd + HEAD_END.length, bytes.length);
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("transfer-encoding:")) {
                throw new IOException("the answer is chunked, which HTTP/1.0 does not allow");
            }
            if (lower.startsWith("content-length:")) {
                body = checked(body, line.substring("content-length:".length()).strip());
            }
        }
        return new HttpAnswer(Integer.parseInt(statusLine[1]), body);
    }

    private static byte[] checked(byte[] body, String length) throws IOException {
        if (!length.equals(Integer.toString(body.length))) {
            throw new IOException("the answer is cut short: %d of %s bytes".formatted(body.length, length));
        }
        return body;
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
