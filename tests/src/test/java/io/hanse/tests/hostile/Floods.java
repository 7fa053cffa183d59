/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import static io.hanse.tests.hostile.Frames.ACK;
import static io.hanse.tests.hostile.Frames.CONTINUATION;
import static io.hanse.tests.hostile.Frames.DATA;
import static io.hanse.tests.hostile.Frames.END_STREAM;
import static io.hanse.tests.hostile.Frames.GOAWAY;
import static io.hanse.tests.hostile.Frames.HEADERS;
import static io.hanse.tests.hostile.Frames.PADDED;
import static io.hanse.tests.hostile.Frames.PING;
import static io.hanse.tests.hostile.Frames.PRIORITY;
import static io.hanse.tests.hostile.Frames.SETTINGS;
import static io.hanse.tests.hostile.Frames.connect;
import static io.hanse.tests.hostile.Frames.frame;
import static io.hanse.tests.hostile.Frames.join;
import static io.hanse.tests.hostile.Frames.reset;
import static io.hanse.tests.hostile.Frames.settings;
import static io.hanse.tests.hostile.Frames.times;
import static io.hanse.tests.hostile.Frames.windowUpdate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** What is allowed once and costs too much a hundred thousand times. Each flood is bounded, and meant to be cut short. */
final class Floods {

    private static final String CALM = "GOAWAY ENHANCE_YOUR_CALM";

    /** Frames of one kind: a hundred times what a connection may send. */
    private static final int MANY = 100_000;

    /** Streams asked for, as many as the public reports of rapid reset counted in seconds. */
    private static final int RAPID = 50_000;

    /** Requests of those who shall be answered before more than a connection may have are open, and the time between. */
    private static final int FEW = 10;

    private static final Duration BREATH = Duration.ofMillis(4);

    private static final int STREAMS_AT_ONCE = 500;

    /** If the machine is so slow that the first have ended meanwhile, memory was never short. */
    private static final String STALLED = "RST_STREAM CANCEL|503 LIMIT_EXCEEDED|503 UPSTREAM_CONNECT_FAILED";

    /** With 200 tunnels of 256 KiB each: more than all the direct memory a proxy has. */
    private static final int STALLED_CONNECTIONS = 6;

    private static final int TUNNELS = 200;

    private static final int WINDOW = 256 * 1024;

    private static final int FRAME = 16 * 1024;

    private Floods() {}

    static List<Attack> all() {
        List<Attack> all = new ArrayList<>(frames());
        all.addAll(streams());
        return all;
    }

    private static Attack flood(String name, String rule, byte[] one) {
        return Attack.h2(name, rule, CALM, (wire, target) -> wire.flood(MANY, one));
    }

    /** With a tunnel that stands. */
    private static Attack inTunnel(String name, String rule, byte[] one) {
        return Attack.h2(name, rule, CALM, (wire, target) -> {
            wire.send(connect(1, target.sink()));
            wire.await("200"::equals);
            wire.flood(MANY, one);
        });
    }

    private static List<Attack> frames() {
        return List.of(
                flood("SETTINGS flood", "CVE-2019-9515: controlFrames", settings()),
                flood("SETTINGS acknowledgement flood", "controlFrames", frame(SETTINGS, ACK, 0)),
                flood("one SETTINGS frame of 2,000 window changes", "controlFrames", windows()),
                flood("SETTINGS_HEADER_TABLE_SIZE to and fro", "RFC 7541 4.2: controlFrames", settings(1, 0, 1, 4096)),
                flood("PING flood", "CVE-2019-9512: controlFrames", frame(PING, 0, 0, new byte[8])),
                flood("PING answer flood", "controlFrames", frame(PING, ACK, 0, new byte[8])),
                flood("PRIORITY flood", "CVE-2019-9513: controlFrames", frame(PRIORITY, 0, 1, new byte[5])),
                flood("WINDOW_UPDATE flood", "controlFrames", windowUpdate(0, 1)),
                inTunnel("WINDOW_UPDATE flood in a tunnel", "controlFrames", windowUpdate(1, 1)),
                flood("unknown frame flood", "controlFrames", frame(0x42, 0, 0, new byte[16])),
                inTunnel("GOAWAY flood", "controlFrames", frame(GOAWAY, 0, 0, new byte[8])),
                inTunnel("empty DATA flood", "CVE-2019-9518: emptyFrames", frame(DATA, 0, 1)),
                inTunnel("DATA of padding alone", "emptyFrames", frame(DATA, PADDED, 1, (byte) 1, (byte) 0)),
                Attack.h2("empty ends of a closed stream", "controlFrames", CALM, (wire, target) -> {
                    wire.send(connect(1, "nowhere"));
                    wire.flood(MANY, frame(DATA, END_STREAM, 1));
                }),
                Attack.h2("RST_STREAM flood on a closed stream", "controlFrames", CALM, (wire, target) -> {
                    wire.send(connect(1, "nowhere"));
                    wire.flood(MANY, reset(1));
                }),
                Attack.h2("CONTINUATION flood", "CVE-2024-27919: headerBytes", CALM, (wire, target) -> {
                    wire.send(frame(HEADERS, 0, 1, (byte) 0));
                    wire.flood(MANY, frame(CONTINUATION, 0, 1, new byte[1_000]));
                }),
                Attack.h2("empty CONTINUATION flood", "CVE-2024-30255: controlFrames", CALM, (wire, target) -> {
                    wire.send(frame(HEADERS, 0, 1, (byte) 0));
                    wire.flood(MANY, frame(CONTINUATION, 0, 1));
                }));
    }

    private static byte[] windows() {
        int[] pairs = new int[4_000];
        for (int i = 0; i < pairs.length; i += 2) {
            pairs[i] = 4;
            pairs[i + 1] = i;
        }
        return settings(pairs);
    }

    /** Asks for {@link #RAPID} streams, {@link #STREAMS_AT_ONCE} in a burst. */
    private static void rapid(Wire wire, IntFunction<byte[]> stream) throws IOException {
        for (int at = 0; at < RAPID && !wire.isOver(); at += STREAMS_AT_ONCE) {
            byte[][] burst = new byte[STREAMS_AT_ONCE][];
            for (int i = 0; i < burst.length; i++) {
                burst[i] = stream.apply(2 * (at + i) + 1);
            }
            wire.send(burst);
        }
    }

    /** As many tunnels as a connection takes, each filled to its window before it is answered. */
    private static void stall(Wire wire, Target target) throws IOException {
        for (int id = 1; id < 2 * TUNNELS && !wire.isOver(); id += 2) {
            wire.send(connect(id, target.abyss()), times(WINDOW / FRAME, frame(DATA, 0, id, new byte[FRAME])));
        }
    }

    private static List<Attack> streams() {
        return List.of(
                Attack.h2(
                        "rapid reset, 50,000 streams",
                        "CVE-2023-44487: resets",
                        CALM,
                        (wire, target) -> rapid(wire, id -> join(connect(id, target.echo()), reset(id)))),
                Attack.h2(
                        "rapid reset of refused streams",
                        "CVE-2023-44487: resets",
                        CALM,
                        (wire, target) -> rapid(wire, id -> join(connect(id, target.nobody()), reset(id)))),
                Attack.h2(
                        "rapid reset by breaking each stream",
                        "resets",
                        CALM,
                        (wire, target) -> rapid(wire, id -> join(connect(id, target.echo()), windowUpdate(id, 0)))),
                Attack.h2(
                        "malformed requests in masses",
                        "resets",
                        CALM,
                        (wire, target) -> rapid(wire, id -> Frames.headers(0, id, ":method", "CONNECT", ":path", "/"))),
                Attack.h2(
                        "requests without sense in masses",
                        "resets",
                        CALM,
                        (wire, target) -> rapid(
                                wire,
                                id -> Frames.headers(END_STREAM, id, ":method", "CONNECT", ":authority", "nowhere"))),
                Attack.h2(
                        "half-open streams beyond the limit",
                        "streams",
                        "RST_STREAM REFUSED_STREAM",
                        (wire, target) -> {
                            for (int id = 1; id <= 2 * 201; id += 2) {
                                wire.send(connect(id, target.sink()));
                            }
                        }),
                Attack.h2(
                        "half-open streams in masses",
                        "resets",
                        CALM,
                        (wire, target) -> rapid(wire, id -> connect(id, target.sink()))),
                new Attack(
                        "1,200 tunnels that stall, 256 KiB in each",
                        "memory",
                        Attack.Start.H2,
                        STALLED,
                        STALLED,
                        (wire, target) -> {
                            for (int i = 1; i < STALLED_CONNECTIONS; i++) {
                                Wire other = wire.another();
                                other.hello();
                                stall(other, target);
                            }
                            stall(wire, target);
                        }),
                Attack.h2("refusals that nobody reads", "unreadAnswers", CALM + "|closed", (wire, target) -> {
                    // What a tunnel brings fills the kernel meanwhile, so that refusals wait behind it.
                    SlowOnes.ask(wire, target, 1);
                    for (int id = 3; id < 2 * RAPID && !wire.isOver(); id += 2 * FEW) {
                        byte[][] few = new byte[FEW][];
                        for (int i = 0; i < FEW; i++) {
                            few[i] = Frames.headers(
                                    END_STREAM, id + 2 * i, ":method", "CONNECT", ":authority", target.nobody());
                        }
                        wire.send(few);
                        LockSupport.parkNanos(BREATH.toNanos());
                    }
                    wire.hear();
                }),
                Attack.h2(
                        "PING without reading the answers",
                        "unreadAnswers|controlFrames",
                        CALM + "|closed",
                        (wire, target) -> {
                            wire.deaf();
                            wire.flood(MANY, frame(PING, 0, 0, new byte[8]));
                            wire.hear();
                        }));
    }
}
