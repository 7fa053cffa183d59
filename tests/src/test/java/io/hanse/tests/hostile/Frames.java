/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes frames (RFC 9113 4.1) and header blocks (RFC 7541, literals only) exactly as asked, right or wrong. */
final class Frames {

    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int PRIORITY = 0x2;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;

    static final int HEADER_BYTES = 9;

    private static final int PREFIX_7 = 0x7f;

    private Frames() {}

    static byte[] preface() {
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A frame's header that announces more than follows. */
    static byte[] headerOnly(int type, int flags, int stream, int length) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .array();
    }

    /** Identifiers and values in turn. */
    static byte[] settings(int... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    static byte[] reset(int stream) {
        return frame(RST_STREAM, 0, stream, number(8));
    }

    static byte[] headers(int flags, int stream, String... namesAndValues) {
        return frame(HEADERS, flags | END_HEADERS, stream, block(namesAndValues));
    }

    static byte[] connect(int stream, String authority) {
        return headers(0, stream, ":method", "CONNECT", ":authority", authority);
    }

    /** Names and values in turn, as literals that touch no table. */
    static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < PREFIX_7) {
            out.write(bytes.length);
        } else {
            out.write(PREFIX_7);
            int rest = bytes.length - PREFIX_7;
            while (rest > PREFIX_7) {
                out.write(rest & PREFIX_7 | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }

    static byte[] times(int n, byte[] one) {
        ByteBuffer all = ByteBuffer.allocate(n * one.length);
        for (int i = 0; i < n; i++) {
            all.put(one);
        }
        return all.array();
    }
}
