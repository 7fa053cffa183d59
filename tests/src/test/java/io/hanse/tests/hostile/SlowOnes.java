/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import static io.hanse.tests.hostile.Frames.DATA;
import static io.hanse.tests.hostile.Frames.HEADERS;
import static io.hanse.tests.hostile.Frames.connect;
import static io.hanse.tests.hostile.Frames.frame;
import static io.hanse.tests.hostile.Frames.windowUpdate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Those who come, and then say nothing, or too little; and those who cannot speak TLS. They wait at the same time. */
final class SlowOnes {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

    /** Longer than silence, PING and the time to answer it. */
    private static final Duration DEAF_FOR = Duration.ofSeconds(22);

    private static final int TUNNELS = 200;

    /** With what TLS lets wait for each: more than half of the direct memory a proxy has. */
    private static final int CONNECTIONS = 300;

    private static final int LARGE_WINDOW = 1 << 30;

    private SlowOnes() {}

    /** Those who wait. */
    static List<Attack> silent() {
        return List.of(
                Attack.tcp("TCP and silence", "handshake, clientHello", "closed", (wire, target) -> {}),
                Attack.tcp(
                        "a ClientHello and silence",
                        "RFC 8446 4.1: handshake",
                        "closed",
                        (wire, target) -> wire.send(Passport.none().clientHello())),
                Attack.tcp(
                        "a ClientHello byte by byte",
                        "handshake, clientHello",
                        "closed",
                        (wire, target) -> wire.trickle(Passport.none().clientHello(), PAUSE)),
                Attack.tcp(
                        "half a TLS record",
                        "handshake, clientHello",
                        "closed",
                        (wire, target) -> wire.send(new byte[] {22, 3, 1, 64, 0, 1})),
                Attack.tcp(
                        "no TLS at all",
                        "RFC 8446 5.1",
                        "closed",
                        (wire, target) -> wire.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
                Attack.tcp(
                        "HTTP/2 without TLS",
                        "RFC 9113 9.2",
                        "closed",
                        (wire, target) -> wire.send(Frames.preface(), Frames.settings())),
                Attack.tcp(
                        "a TLS record larger than there are",
                        "RFC 8446 5.1",
                        "closed",
                        (wire, target) -> wire.send(new byte[] {22, 3, 3, (byte) 0xff, (byte) 0xff}, new byte[65_535])),
                Attack.tcp(
                        "alerts instead of a ClientHello",
                        "RFC 8446 6",
                        "closed",
                        (wire, target) -> wire.flood(1_000, new byte[] {21, 3, 3, 0, 2, 1, 0})),
                Attack.tls("TLS and silence", "preface", "GOAWAY SETTINGS_TIMEOUT", (wire, target) -> {}),
                Attack.tls(
                        "a preface and silence",
                        "preface",
                        "GOAWAY SETTINGS_TIMEOUT",
                        (wire, target) -> wire.send(Frames.preface())),
                Attack.tls(
                        "SETTINGS never acknowledged",
                        "preface",
                        "GOAWAY SETTINGS_TIMEOUT",
                        (wire, target) -> wire.send(Frames.preface(), Frames.settings())),
                Attack.tls(
                        "a preface byte by byte",
                        "preface",
                        "GOAWAY SETTINGS_TIMEOUT",
                        (wire, target) -> wire.trickle(Frames.join(Frames.preface(), new byte[1_000]), LONG_PAUSE)),
                Attack.h2(
                        "a header block byte by byte",
                        "frameTime",
                        "GOAWAY ENHANCE_YOUR_CALM",
                        (wire, target) -> wire.trickle(frame(HEADERS, 0, 1, new byte[10_000]), PAUSE)),
                Attack.h2(
                        "a header block without end",
                        "frameTime",
                        "GOAWAY ENHANCE_YOUR_CALM",
                        (wire, target) -> wire.send(frame(HEADERS, 0, 1, (byte) 0))),
                Attack.h2(
                        "a frame header without end",
                        "frameTime",
                        "GOAWAY ENHANCE_YOUR_CALM",
                        (wire, target) -> wire.send(new byte[] {0, 0})),
                Attack.h2("no streams", "idle", "GOAWAY NO_ERROR", (wire, target) -> wire.answerPings()));
    }

    /** Those who take nothing of what they asked for. */
    static List<Attack> deaf() {
        return List.of(
                Attack.h2("200 tunnels that never read", "keepalive: memory bounded", "closed", (wire, target) -> {
                    ask(wire, target, TUNNELS);
                    LockSupport.parkNanos(DEAF_FOR.toNanos());
                    wire.hear();
                }),
                Attack.h2(
                        "300 connections that never read, half a MiB waits for each",
                        "memory, keepalive",
                        "closed",
                        (wire, target) -> {
                            for (int i = 1; i < CONNECTIONS; i++) {
                                Wire other = wire.another();
                                other.hello();
                                ask(other, target, 1);
                            }
                            ask(wire, target, 1);
                            LockSupport.parkNanos(DEAF_FOR.toNanos());
                            wire.hear();
                        }));
    }

    /** Asks for tunnels to something that never stops sending, allows it everything, and reads nothing. */
    static void ask(Wire wire, Target target, int tunnels) throws IOException {
        wire.deaf();
        wire.send(windowUpdate(0, LARGE_WINDOW), Frames.settings(4, LARGE_WINDOW));
        for (int id = 1; id < 2 * tunnels; id += 2) {
            wire.send(connect(id, target.source()), frame(DATA, 0, id, (byte) 'x'));
        }
    }
}
