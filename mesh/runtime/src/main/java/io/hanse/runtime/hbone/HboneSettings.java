/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.hbone;

import io.hanse.runtime.config.Section;
import io.hanse.transport.h2.H2Limits;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.hbone.HboneLimits;
import java.time.Duration;

/**
 * The key {@code maxConnections} and the group {@code limits} of a section whose process takes HBONE: what a peer may cost
 * it. The same keys, defaults and bounds for every such process; mesh/transport/README.md has unit and reason of each.
 */
public final class HboneSettings {

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(1);
    private static final int MILLION = 1_000_000;
    private static final int MIB = 1024 * 1024;

    private HboneSettings() {}

    /** Reads them; problems are noted in the section, whose {@code finish} the caller calls. */
    public static HboneLimits read(Section section) {
        HboneLimits usual = HboneLimits.defaults();
        int connections = section.integer(Limit.CONNECTIONS.key(), usual.maxConnections(), 1, MILLION);
        Section limits = section.section("limits");
        int handshakes = limits.integer(Limit.HANDSHAKES.key(), usual.maxHandshakes(), 1, MILLION);
        int perPeer = limits.integer(Limit.CONNECTIONS_PER_PEER.key(), usual.maxPerPeer(), 1, MILLION);
        int passedThrough = limits.integer(Limit.PASS_THROUGH.key(), usual.maxPassThrough(), 1, MILLION);
        Duration handshake = time(limits, Limit.HANDSHAKE, usual.handshake());
        return usual.withMaxConnections(connections)
                .withHandshakes(handshakes, handshake)
                .withMaxPerPeer(perPeer)
                .withMaxPassThrough(passedThrough)
                .withH2(h2(limits, usual.h2()));
    }

    private static H2Limits h2(Section limits, H2Limits usual) {
        return new H2Limits(
                number(limits, Limit.STREAMS, usual.maxConcurrentStreams()),
                usual.maxFrameBytes(),
                limits.integer(Limit.HEADER_BYTES.key(), usual.headerBytes(), 1024, MIB),
                number(limits, Limit.HEADER_FIELDS, usual.headerCount()),
                usual.streamWindowBytes(),
                usual.maxStreamWindowBytes(),
                limits.integer("bufferGrowth", usual.windowGrowthBytes() / MIB, 0, 1024) * MIB,
                usual.connectionWindowBytes(),
                usual.keepalive(),
                time(limits, Limit.KEEPALIVE, usual.keepaliveAnswer()),
                time(limits, Limit.PREFACE, usual.settingsAnswer()),
                time(limits, Limit.FRAME_TIME, usual.frameTime()),
                time(limits, Limit.IDLE, usual.idle()),
                usual.drainStep(),
                limits.duration("window", usual.floodWindow(), LEAST, MOST),
                number(limits, Limit.RESETS, usual.maxPrematureResets()),
                number(limits, Limit.CONTROL_FRAMES, usual.maxControlFrames()),
                number(limits, Limit.EMPTY_FRAMES, usual.maxEmptyFrames()),
                number(limits, Limit.UNREAD_ANSWERS, usual.maxUnreadAnswers()),
                usual.lastStreamId());
    }

    private static int number(Section limits, Limit limit, int usual) {
        return limits.integer(limit.key(), usual, 1, MILLION);
    }

    private static Duration time(Section limits, Limit limit, Duration usual) {
        return limits.duration(limit.key(), usual, LEAST, MOST);
    }
}
