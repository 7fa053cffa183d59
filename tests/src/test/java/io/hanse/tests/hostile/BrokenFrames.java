/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import static io.hanse.tests.hostile.Frames.ACK;
import static io.hanse.tests.hostile.Frames.DATA;
import static io.hanse.tests.hostile.Frames.END_HEADERS;
import static io.hanse.tests.hostile.Frames.END_STREAM;
import static io.hanse.tests.hostile.Frames.GOAWAY;
import static io.hanse.tests.hostile.Frames.HEADERS;
import static io.hanse.tests.hostile.Frames.PADDED;
import static io.hanse.tests.hostile.Frames.PING;
import static io.hanse.tests.hostile.Frames.PRIORITY;
import static io.hanse.tests.hostile.Frames.PUSH_PROMISE;
import static io.hanse.tests.hostile.Frames.RST_STREAM;
import static io.hanse.tests.hostile.Frames.SETTINGS;
import static io.hanse.tests.hostile.Frames.WINDOW_UPDATE;
import static io.hanse.tests.hostile.Frames.connect;
import static io.hanse.tests.hostile.Frames.frame;
import static io.hanse.tests.hostile.Frames.headerOnly;
import static io.hanse.tests.hostile.Frames.number;
import static io.hanse.tests.hostile.Frames.settings;
import static io.hanse.tests.hostile.Frames.windowUpdate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Single frames that RFC 9113 forbids: where they stand, what they say, how long they are. */
final class BrokenFrames {

    private static final String PROTOCOL = "GOAWAY PROTOCOL_ERROR";
    private static final String SIZE = "GOAWAY FRAME_SIZE_ERROR";
    private static final String FLOW = "GOAWAY FLOW_CONTROL_ERROR";

    private static final int MOST = Integer.MAX_VALUE;

    private BrokenFrames() {}

    static List<Attack> all() {
        List<Attack> all = new ArrayList<>(beginnings());
        all.addAll(places());
        all.addAll(tunnels());
        all.addAll(sizes());
        all.addAll(values());
        return all;
    }

    private static List<Attack> beginnings() {
        return List.of(
                Attack.tls(
                        "HTTP/1.1 instead of a preface",
                        "RFC 9113 3.4",
                        PROTOCOL,
                        (wire, target) ->
                                wire.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
                Attack.tls(
                        "PING before SETTINGS",
                        "RFC 9113 3.4",
                        PROTOCOL,
                        (wire, target) -> wire.send(Frames.preface(), frame(PING, 0, 0, new byte[8]))),
                Attack.tls(
                        "an acknowledgement before SETTINGS",
                        "RFC 9113 3.4",
                        PROTOCOL,
                        (wire, target) -> wire.send(Frames.preface(), frame(SETTINGS, ACK, 0))));
    }

    private static List<Attack> places() {
        return List.of(
                Attack.h2("HEADERS on stream 0", "RFC 9113 6.2", PROTOCOL, connect(0, "a:1")),
                Attack.h2("HEADERS on an even stream", "RFC 9113 5.1.1", PROTOCOL, connect(2, "a:1")),
                Attack.h2("a stream id used again", "RFC 9113 5.1.1", PROTOCOL, (wire, target) -> {
                    wire.send(connect(1, "a"));
                    wire.await(word -> Character.isDigit(word.charAt(0)));
                    wire.send(connect(1, "a"));
                }),
                Attack.h2("a lower stream id", "RFC 9113 5.1.1", PROTOCOL, connect(5, "a"), connect(3, "a")),
                Attack.h2("DATA on stream 0", "RFC 9113 6.1", PROTOCOL, frame(DATA, 0, 0, (byte) 1)),
                Attack.h2("DATA on an idle stream", "RFC 9113 5.1", PROTOCOL, frame(DATA, 0, 1, (byte) 1)),
                Attack.h2("DATA on an even stream", "RFC 9113 5.1", PROTOCOL, frame(DATA, 0, 2, (byte) 1)),
                Attack.h2("RST_STREAM on stream 0", "RFC 9113 6.4", PROTOCOL, Frames.reset(0)),
                Attack.h2("RST_STREAM on an idle stream", "RFC 9113 6.4", PROTOCOL, Frames.reset(1)),
                Attack.h2("WINDOW_UPDATE on an idle stream", "RFC 9113 5.1", PROTOCOL, windowUpdate(1, 1)),
                Attack.h2("PRIORITY on stream 0", "RFC 9113 6.3", PROTOCOL, frame(PRIORITY, 0, 0, new byte[5])),
                Attack.h2("SETTINGS on a stream", "RFC 9113 6.5", PROTOCOL, frame(SETTINGS, 0, 1)),
                Attack.h2("PING on a stream", "RFC 9113 6.7", PROTOCOL, frame(PING, 0, 1, new byte[8])),
                Attack.h2("GOAWAY on a stream", "RFC 9113 6.8", PROTOCOL, frame(GOAWAY, 0, 1, new byte[8])),
                Attack.h2(
                        "PUSH_PROMISE from a client",
                        "RFC 9113 8.4",
                        PROTOCOL,
                        frame(PUSH_PROMISE, END_HEADERS, 1, number(2))));
    }

    private static List<Attack> tunnels() {
        return List.of(
                Attack.h2(
                        "DATA in masses on a closed stream", "RFC 9113 5.1", "GOAWAY STREAM_CLOSED", (wire, target) -> {
                            wire.send(connect(1, "nowhere"));
                            wire.flood(100_000, frame(DATA, 0, 1, new byte[16_384]));
                        }),
                Attack.h2("DATA behind END_STREAM", "RFC 9113 5.1", "RST_STREAM STREAM_CLOSED", (wire, target) -> {
                    wire.send(connect(1, target.sink()));
                    wire.await("200"::equals);
                    wire.send(frame(DATA, END_STREAM, 1, (byte) 1), frame(DATA, 0, 1, (byte) 2));
                }),
                Attack.h2("HEADERS inside a tunnel", "RFC 9113 8.5", "RST_STREAM PROTOCOL_ERROR", (wire, target) -> {
                    wire.send(connect(1, target.sink()));
                    wire.await("200"::equals);
                    wire.send(Frames.headers(END_STREAM, 1, "a", "b"));
                }),
                Attack.h2(
                        "DATA beyond the stream's window",
                        "RFC 9113 6.9.1",
                        "RST_STREAM FLOW_CONTROL_ERROR",
                        (wire, target) -> {
                            wire.send(connect(1, target.sink()));
                            // More than the kernel takes for a reader who sleeps, and a grown window.
                            wire.flood(4_096, frame(DATA, 0, 1, new byte[16_384]));
                        }),
                Attack.h2(
                        "DATA before the answer",
                        "RFC 9113 8.5: must work",
                        "DATA",
                        (wire, target) -> wire.send(connect(1, target.echo()), frame(DATA, 0, 1, (byte) 'x'))),
                Attack.h2(
                        "padded DATA",
                        "RFC 9113 6.1: must work",
                        "DATA",
                        (wire, target) -> wire.send(
                                connect(1, target.echo()),
                                frame(DATA, PADDED, 1, (byte) 2, (byte) 'x', (byte) 0, (byte) 0))));
    }

    private static List<Attack> sizes() {
        return List.of(
                Attack.h2(
                        "a frame over SETTINGS_MAX_FRAME_SIZE", "RFC 9113 4.2", SIZE, headerOnly(DATA, 0, 1, 262_145)),
                Attack.h2("a frame of 16 MiB", "RFC 9113 4.2", SIZE, headerOnly(0x42, 0, 0, 0xffffff)),
                Attack.h2("PING of 7 bytes", "RFC 9113 6.7", SIZE, frame(PING, 0, 0, new byte[7])),
                Attack.h2("PING of 100,000 bytes", "RFC 9113 6.7", SIZE, headerOnly(PING, 0, 0, 100_000)),
                Attack.h2("SETTINGS of 5 bytes", "RFC 9113 6.5", SIZE, frame(SETTINGS, 0, 0, new byte[5])),
                Attack.h2(
                        "an acknowledgement with content", "RFC 9113 6.5", SIZE, frame(SETTINGS, ACK, 0, new byte[6])),
                Attack.h2("RST_STREAM of 3 bytes", "RFC 9113 6.4", SIZE, frame(RST_STREAM, 0, 1, new byte[3])),
                Attack.h2("WINDOW_UPDATE of 5 bytes", "RFC 9113 6.9", SIZE, frame(WINDOW_UPDATE, 0, 0, new byte[5])),
                Attack.h2("GOAWAY of 7 bytes", "RFC 9113 6.8", SIZE, frame(GOAWAY, 0, 0, new byte[7])),
                Attack.h2(
                        "PRIORITY of 4 bytes on an idle stream",
                        "RFC 9113 6.3",
                        SIZE,
                        frame(PRIORITY, 0, 1, new byte[4])),
                Attack.h2(
                        "PRIORITY of 4 bytes in a tunnel",
                        "RFC 9113 6.3",
                        "RST_STREAM FRAME_SIZE_ERROR",
                        (wire, target) -> wire.send(connect(1, target.sink()), frame(PRIORITY, 0, 1, new byte[4]))),
                Attack.h2(
                        "padded DATA without a pad length",
                        "RFC 9113 6.1",
                        SIZE,
                        (wire, target) -> wire.send(connect(1, target.sink()), frame(DATA, PADDED, 1))),
                Attack.h2(
                        "DATA padded beyond its end",
                        "RFC 9113 6.1",
                        PROTOCOL,
                        (wire, target) ->
                                wire.send(connect(1, target.sink()), frame(DATA, PADDED, 1, (byte) 9, (byte) 0))),
                Attack.h2(
                        "HEADERS padded beyond their end",
                        "RFC 9113 6.2",
                        PROTOCOL,
                        frame(HEADERS, PADDED | END_HEADERS, 1, (byte) 9, (byte) 0)),
                Attack.h2(
                        "a header block over its limit, announced",
                        "headerBytes",
                        "GOAWAY ENHANCE_YOUR_CALM",
                        headerOnly(HEADERS, END_HEADERS, 1, 200_000)));
    }

    private static List<Attack> values() {
        return List.of(
                Attack.h2("WINDOW_UPDATE of 0", "RFC 9113 6.9", PROTOCOL, windowUpdate(0, 0)),
                Attack.h2(
                        "WINDOW_UPDATE of 0 in a tunnel",
                        "RFC 9113 6.9",
                        "RST_STREAM PROTOCOL_ERROR",
                        (wire, target) -> wire.send(connect(1, target.sink()), windowUpdate(1, 0))),
                Attack.h2("a connection window beyond 2^31-1", "RFC 9113 6.9.1", FLOW, windowUpdate(0, MOST)),
                Attack.h2(
                        "a stream window beyond 2^31-1",
                        "RFC 9113 6.9.1",
                        "RST_STREAM FLOW_CONTROL_ERROR",
                        (wire, target) -> wire.send(connect(1, target.sink()), windowUpdate(1, MOST))),
                Attack.h2(
                        "all stream windows beyond 2^31-1",
                        "RFC 9113 6.9.2",
                        FLOW,
                        (wire, target) -> wire.send(
                                connect(1, target.sink()), windowUpdate(1, MOST - 65_535), settings(4, 65_536))),
                Attack.h2(
                        "SETTINGS_INITIAL_WINDOW_SIZE of 2^31", "RFC 9113 6.5.2", FLOW, settings(4, Integer.MIN_VALUE)),
                Attack.h2("SETTINGS_ENABLE_PUSH of 2", "RFC 9113 6.5.2", PROTOCOL, settings(2, 2)),
                Attack.h2("SETTINGS_MAX_FRAME_SIZE of 1", "RFC 9113 6.5.2", PROTOCOL, settings(5, 1)),
                Attack.h2("SETTINGS_MAX_FRAME_SIZE of 16 MiB", "RFC 9113 6.5.2", PROTOCOL, settings(5, 16_777_216)));
    }
}
