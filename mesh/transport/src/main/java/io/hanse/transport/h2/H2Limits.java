/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import java.time.Duration;

/**
 * Every bound of one HTTP/2 connection (RFC 9113). README.md says why each value is what it is.
 *
 * @param maxConcurrentStreams streams the peer may have open here (SETTINGS_MAX_CONCURRENT_STREAMS)
 * @param maxFrameBytes largest payload taken (SETTINGS_MAX_FRAME_SIZE), 16384 to 16777215
 * @param headerBytes largest header block taken, compressed and, as RFC 9113 6.5.2 counts, decompressed; over all
 *     CONTINUATION frames
 * @param headerCount most header fields in a block
 * @param streamWindowBytes bytes a stream may hold unread at first (SETTINGS_INITIAL_WINDOW_SIZE)
 * @param maxStreamWindowBytes what a stream's window may grow to while its reader keeps up
 * @param windowGrowthBytes what all streams' windows may grow by, together; so unread bytes of a connection stay below
 *     {@code maxConcurrentStreams * streamWindowBytes + windowGrowthBytes}
 * @param connectionWindowBytes connection window; given back on arrival, so a stalled stream never stops another
 * @param keepalive silence after which a PING is sent
 * @param keepaliveAnswer time the peer has to show life after it
 * @param settingsAnswer time until the peer's first SETTINGS and its acknowledgement of ours
 * @param frameTime time for one frame other than DATA, and for one header block over all its frames
 * @param idle a server connection without streams is drained after this
 * @param drainStep time between the two GOAWAY frames of a drain, if no PING answer ends it sooner
 * @param floodWindow the span over which the counts below are taken
 * @param maxPrematureResets streams per span that the peer resets within a second and before it can know the answer, makes
 *     us reset, or that made no sense
 * @param maxControlFrames of each kind (SETTINGS, PING, PRIORITY, unknown) per span, acknowledgements too
 * @param maxEmptyFrames DATA without bytes and without END_STREAM, per span
 * @param maxUnreadAnswers frames of ours other than DATA that may wait behind a peer who does not read
 * @param lastStreamId highest stream id used by a client; then the connection is drained
 */
public record H2Limits(
        int maxConcurrentStreams,
        int maxFrameBytes,
        int headerBytes,
        int headerCount,
        int streamWindowBytes,
        int maxStreamWindowBytes,
        int windowGrowthBytes,
        int connectionWindowBytes,
        Duration keepalive,
        Duration keepaliveAnswer,
        Duration settingsAnswer,
        Duration frameTime,
        Duration idle,
        Duration drainStep,
        Duration floodWindow,
        int maxPrematureResets,
        int maxControlFrames,
        int maxEmptyFrames,
        int maxUnreadAnswers,
        int lastStreamId) {

    /** A HEADERS frame's pad length, priority fields and padding (RFC 9113 6.2), beyond the block itself. */
    static final int PADDING_AND_PRIORITY_BYTES = 1 + 5 + 255;

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** RFC 9113 6.5.2: the least and the most a frame limit may be. */
    private static final int LEAST_FRAME = 16_384;

    private static final int MOST_FRAME = 16_777_215;

    public H2Limits {
        check("maxFrameBytes", maxFrameBytes, LEAST_FRAME, MOST_FRAME);
        check("maxConcurrentStreams", maxConcurrentStreams, 1, Integer.MAX_VALUE);
        check("headerBytes", headerBytes, KIB, MIB);
        check("streamWindowBytes", streamWindowBytes, 1, Integer.MAX_VALUE);
        check("maxStreamWindowBytes", maxStreamWindowBytes, streamWindowBytes, Integer.MAX_VALUE);
        check("connectionWindowBytes", connectionWindowBytes, 65_535, Integer.MAX_VALUE);
    }

    /** The defaults. */
    public static H2Limits defaults() {
        return new H2Limits(
                200,
                256 * KIB,
                16 * KIB,
                100,
                256 * KIB,
                4 * MIB,
                32 * MIB,
                16 * MIB,
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                1_000,
                1_000,
                100,
                4_000,
                Integer.MAX_VALUE);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s: %d (expected: %d to %d)".formatted(name, value, least, most));
        }
    }
}
