/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import static io.hanse.tests.hostile.Frames.CONTINUATION;
import static io.hanse.tests.hostile.Frames.DATA;
import static io.hanse.tests.hostile.Frames.END_HEADERS;
import static io.hanse.tests.hostile.Frames.HEADERS;
import static io.hanse.tests.hostile.Frames.connect;
import static io.hanse.tests.hostile.Frames.frame;
import static io.hanse.tests.hostile.Frames.headers;
import static io.hanse.tests.hostile.Frames.times;

import java.util.ArrayList;
import java.util.List;

/** Requests that lead where nobody may go, that are malformed (RFC 9113 8), or whose header block is (RFC 7541). */
final class Requests {

    private static final String MALFORMED = "RST_STREAM PROTOCOL_ERROR";
    private static final String BAD = "400 BAD_REQUEST";
    private static final String ELSEWHERE = "400 WRONG_DESTINATION";
    private static final String CALM = "GOAWAY ENHANCE_YOUR_CALM";
    private static final String GARBLED = "GOAWAY COMPRESSION_ERROR";
    private static final String SERVICE = "api.shop.svc.cluster.local:80";

    private Requests() {}

    static List<Attack> all() {
        List<Attack> all = new ArrayList<>(authorities());
        all.addAll(heads());
        all.addAll(headerBlocks());
        return all;
    }

    private static List<Attack> authorities() {
        List<Attack> all = new ArrayList<>();
        // No open proxy: whoever may call one workload must not reach anything else through its proxy.
        for (String address : List.of(
                "169.254.169.254:80",
                "[fe80::1]:80",
                "127.0.0.1:80",
                "[::1]:80",
                "0.0.0.0:80",
                "[::ffff:127.0.0.1]:80",
                "198.51.100.7:443",
                "metadata.google.internal:80",
                "localhost:15020")) {
            all.add(Attack.authority(address, "house: no foreign destination", ELSEWHERE, BAD));
        }
        all.add(new Attack(
                "CONNECT to the proxy's own address",
                "house: no call to the proxy itself",
                Attack.Start.H2,
                "503 WRONG_DESTINATION|401 NOT_EXPORTED",
                BAD,
                (wire, target) -> wire.send(connect(
                        1,
                        target.at().getAddress().getHostAddress() + ":"
                                + target.at().getPort()))));
        all.add(Attack.authority(
                "nobody.shop.svc.cluster.local:80", "house", "503 UNKNOWN_SERVICE", "503 UNKNOWN_SERVICE"));
        all.add(Attack.authority("api.shop.svc.cluster.local", "RFC 9110 9.3.6", BAD, BAD));
        all.add(Attack.authority("api.shop.svc.cluster.local:0", "RFC 9110 9.3.6", BAD, BAD));
        all.add(Attack.authority("api.shop.svc.cluster.local:99999", "RFC 9110 9.3.6", BAD, BAD));
        all.add(Attack.authority("api.shop.svc.cluster.local:80/x", "RFC 9110 9.3.6", BAD, BAD));
        all.add(Attack.authority(":80", "RFC 9110 9.3.6", BAD, BAD));
        all.add(Attack.authority("", "RFC 9113 8.5", MALFORMED, MALFORMED));
        all.add(Attack.authority("user:secret@" + SERVICE, "RFC 9113 8.3.1", MALFORMED, MALFORMED));
        all.add(Attack.authority("a.shop\r\nb: c:80", "RFC 9113 8.2.1", MALFORMED, MALFORMED));
        all.add(Attack.authority("a\0.shop:80", "RFC 9113 8.2.1", MALFORMED, MALFORMED));
        all.add(Attack.authority("a".repeat(300) + ":80", "RFC 1035 2.3.4", BAD, BAD));
        all.add(Attack.authority("a".repeat(16 * 1024), "headerBytes", CALM, CALM));
        return all;
    }

    private static Attack head(String name, String rule, String expected, String... namesAndValues) {
        return Attack.h2(name, rule, expected, headers(0, 1, namesAndValues));
    }

    private static Attack field(String name, String rule, String field, String value) {
        return head(name, rule, MALFORMED, ":method", "CONNECT", ":authority", SERVICE, field, value);
    }

    private static List<Attack> heads() {
        return List.of(
                head("CONNECT without :authority", "RFC 9113 8.5", MALFORMED, ":method", "CONNECT"),
                field("CONNECT with :path", "RFC 9113 8.5", ":path", "/"),
                field("CONNECT with :scheme", "RFC 9113 8.5", ":scheme", "https"),
                field("CONNECT with :protocol", "RFC 8441 3", ":protocol", "websocket"),
                field("a response's pseudo-header", "RFC 9113 8.3", ":status", "200"),
                field("an unknown pseudo-header", "RFC 9113 8.3", ":zone", "a"),
                field(":authority twice", "RFC 9113 8.3", ":authority", SERVICE),
                field(":method twice", "RFC 9113 8.3", ":method", "CONNECT"),
                head(
                        "a pseudo-header behind a field",
                        "RFC 9113 8.3",
                        MALFORMED,
                        ":method",
                        "CONNECT",
                        "a",
                        "b",
                        ":authority",
                        SERVICE),
                head("no :method", "RFC 9113 8.3.1", MALFORMED, ":authority", SERVICE),
                field("an upper-case field name", "RFC 9113 8.2.1", "Baggage", "a"),
                field("a field name with a space", "RFC 9113 8.2.1", "a b", "c"),
                field("an empty field name", "RFC 9113 8.2.1", "", "c"),
                field("a line break in a value", "RFC 9113 8.2.1", "baggage", "a\r\nb: c"),
                field("a NUL in a value", "RFC 9113 8.2.1", "baggage", "a\0b"),
                field("white space around a value", "RFC 9113 8.2.1", "baggage", " a "),
                field("connection", "RFC 9113 8.2.2", "connection", "close"),
                field("transfer-encoding", "RFC 9113 8.2.2", "transfer-encoding", "chunked"),
                field("upgrade", "RFC 9113 8.2.2", "upgrade", "h2c"),
                field("te other than trailers", "RFC 9113 8.2.2", "te", "gzip"),
                method("GET"),
                method("POST"),
                method("TRACE"));
    }

    private static Attack method(String method) {
        return head(
                method,
                "house: tunnels only",
                BAD,
                ":method",
                method,
                ":scheme",
                "https",
                ":path",
                "/",
                ":authority",
                SERVICE);
    }

    private static Attack block(String name, String rule, String expected, int... bytes) {
        byte[] block = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            block[i] = (byte) bytes[i];
        }
        return Attack.h2(name, rule, expected, frame(HEADERS, END_HEADERS, 1, block));
    }

    private static List<Attack> headerBlocks() {
        return List.of(
                Attack.h2("an HPACK bomb: a 4,000 byte field, named 12,000 times", "headerBytes", CALM, bomb()),
                Attack.h2("101 fields", "headerFields", CALM, manyFields()),
                block("index 0", "RFC 7541 6.1", GARBLED, 0x80),
                block("an index beyond the table", "RFC 7541 2.3.3", GARBLED, 0xff, 0x7f),
                block("an index without end", "RFC 7541 5.1", GARBLED, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f),
                block("a table larger than allowed", "RFC 7541 6.3", GARBLED, 0x3f, 0xe2, 0x7f),
                block("a table size update behind a field", "RFC 7541 4.2", GARBLED, 0x00, 1, 'a', 1, 'b', 0x20),
                block("a string longer than its block", "RFC 7541 5.2", GARBLED, 0x00, 0x10, 'a'),
                block("Huffman padding of zeros", "RFC 7541 5.2", GARBLED, 0x00, 0x81, 0x00, 1, 'b'),
                block("Huffman with EOS", "RFC 7541 5.2", GARBLED, 0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 1, 'b'),
                Attack.h2(
                        "a header block of 64 KiB in four frames",
                        "headerBytes",
                        CALM,
                        frame(HEADERS, 0, 1, new byte[16_000]),
                        times(3, frame(CONTINUATION, 0, 1, new byte[16_000]))),
                Attack.h2(
                        "DATA between HEADERS and CONTINUATION",
                        "RFC 9113 6.10",
                        "GOAWAY PROTOCOL_ERROR",
                        frame(HEADERS, 0, 1, (byte) 0),
                        frame(DATA, 0, 1, (byte) 0)),
                Attack.h2(
                        "CONTINUATION of another stream",
                        "RFC 9113 6.10",
                        "GOAWAY PROTOCOL_ERROR",
                        frame(HEADERS, 0, 1, (byte) 0),
                        frame(CONTINUATION, END_HEADERS, 3, (byte) 0)),
                Attack.h2(
                        "CONTINUATION of nothing",
                        "RFC 9113 6.10",
                        "GOAWAY PROTOCOL_ERROR",
                        frame(CONTINUATION, END_HEADERS, 1, (byte) 0)));
    }

    private static byte[] bomb() {
        byte[] one = Frames.block("x", "y".repeat(4_000));
        // Incremental indexing: it stays in the table as entry 62.
        one[0] = 0x40;
        return frame(HEADERS, END_HEADERS, 1, Frames.join(one, times(12_000, new byte[] {(byte) 0xbe})));
    }

    private static byte[] manyFields() {
        String[] fields = new String[4 + 2 * 101];
        fields[0] = ":method";
        fields[1] = "CONNECT";
        fields[2] = ":authority";
        fields[3] = SERVICE;
        for (int i = 4; i < fields.length; i += 2) {
            fields[i] = "x" + i;
            fields[i + 1] = "y";
        }
        return headers(0, 1, fields);
    }
}
