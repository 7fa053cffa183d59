/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/**
 * Counts what costs us more than the peer (CVE-2023-44487, CVE-2019-9512 to 9518, CVE-2024-27919) and says when it is
 * enough. Counts start again every {@link H2Limits#floodWindow()}.
 */
final class FloodGuard {

    /** WINDOW_UPDATE frames a peer may send for each DATA frame of ours, and one more for each of these bytes. */
    private static final int UPDATES_PER_DATA_FRAME = 10;

    private static final int BYTES_PER_UPDATE = 1024;

    /** RST_STREAM, WINDOW_UPDATE and HEADERS that may come for a stream after it is gone here. */
    private static final int FRAMES_PER_STREAM = 4;

    private final H2Limits limits;
    private long windowStart;
    private int settings;
    private int pings;
    private int priorities;
    private int unknown;
    private int empty;
    private int premature;
    private long updates;
    private long updatesEarned;
    private int unknownEarned;

    FloodGuard(H2Limits limits, long now) {
        this.limits = limits;
        this.windowStart = now;
    }

    /** Called now and then with the current tick. */
    void tick(long now) {
        if (now - windowStart >= limits.floodWindow().toNanos()) {
            windowStart = now;
            settings = 0;
            pings = 0;
            priorities = 0;
            unknown = 0;
            empty = 0;
            premature = 0;
            updates = 0;
            updatesEarned = 0;
            unknownEarned = 0;
        }
    }

    /** SETTINGS, also its acknowledgement, and GOAWAY. */
    void settings() throws H2Violation {
        check(++settings, Limit.CONTROL_FRAMES, limits.maxControlFrames(), "SETTINGS or GOAWAY flood");
    }

    /** PING and its answer. */
    void ping() throws H2Violation {
        check(++pings, Limit.CONTROL_FRAMES, limits.maxControlFrames(), "PING flood");
    }

    void priority() throws H2Violation {
        check(++priorities, Limit.CONTROL_FRAMES, limits.maxControlFrames(), "PRIORITY flood");
    }

    /** Frames of unknown type, and frames for streams that are gone. */
    void unknown() throws H2Violation {
        check(
                ++unknown,
                Limit.CONTROL_FRAMES,
                limits.maxControlFrames() + unknownEarned,
                "flood of frames without use");
    }

    void emptyData() throws H2Violation {
        check(++empty, Limit.EMPTY_FRAMES, limits.maxEmptyFrames(), "empty DATA flood");
    }

    /** A stream that was asked for in vain: reset before its answer could be read, or no request at all. */
    void prematureReset() throws H2Violation {
        check(++premature, Limit.RESETS, limits.maxPrematureResets(), "reset flood");
    }

    void windowUpdate() throws H2Violation {
        updates++;
        if (updates > limits.maxControlFrames() + updatesEarned) {
            throw H2Violation.limit(Limit.CONTROL_FRAMES, "WINDOW_UPDATE flood");
        }
    }

    /** A stream began: frames that cross its end on the way are no flood. */
    void opened() {
        unknownEarned += FRAMES_PER_STREAM;
        updatesEarned += FRAMES_PER_STREAM;
    }

    /** We sent data, for which window updates may come. */
    void sent(int bytes) {
        updatesEarned += UPDATES_PER_DATA_FRAME + bytes / BYTES_PER_UPDATE;
    }

    private static void check(int count, Limit limit, int most, String detail) throws H2Violation {
        if (count > most) {
            throw H2Violation.limit(limit, detail);
        }
    }
}
