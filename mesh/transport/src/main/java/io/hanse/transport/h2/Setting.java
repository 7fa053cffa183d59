/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/** Identifiers of SETTINGS (RFC 9113 6.5.2). */
final class Setting {
    static final int HEADER_TABLE_SIZE = 0x1;
    static final int ENABLE_PUSH = 0x2;
    static final int MAX_CONCURRENT_STREAMS = 0x3;
    static final int INITIAL_WINDOW_SIZE = 0x4;
    static final int MAX_FRAME_SIZE = 0x5;
    static final int MAX_HEADER_LIST_SIZE = 0x6;

    static final long MAX_FRAME_SIZE_LIMIT = 16_777_215;

    private Setting() {}

    /** What this end says at the start: identifiers and values in turn. */
    static int[] ofOurs(H2Role role, H2Limits limits) {
        boolean client = role == H2Role.CLIENT;
        return new int[] {
            // A client takes no push; a server bounds the streams.
            client ? ENABLE_PUSH : MAX_CONCURRENT_STREAMS,
            client ? 0 : limits.maxConcurrentStreams(),
            INITIAL_WINDOW_SIZE,
            limits.streamWindowBytes(),
            MAX_FRAME_SIZE,
            limits.maxFrameBytes(),
            MAX_HEADER_LIST_SIZE,
            limits.headerBytes()
        };
    }
}
