/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import java.util.Collection;
import java.util.List;

/** What the peer's SETTINGS mean for what is sent to it (RFC 9113 6.5.2). On the connection's event loop. */
final class PeerSettings {

    private PeerSettings() {}

    /** Obeys one setting, other than MAX_CONCURRENT_STREAMS; unknown ones are ignored. */
    static void apply(int id, long value, H2Role role, Outbound outbound, Collection<H2Stream> streams)
            throws H2Violation {
        switch (id) {
            case Setting.HEADER_TABLE_SIZE -> outbound.codec().peerTableBytes(value);
            case Setting.ENABLE_PUSH -> {
                if (value > 1 || role == H2Role.CLIENT && value == 1) {
                    throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH (RFC 9113 6.5.2)");
                }
            }
            case Setting.INITIAL_WINDOW_SIZE -> initialWindow(value, outbound, streams);
            case Setting.MAX_FRAME_SIZE -> {
                if (value < Outbound.DEFAULT_FRAME || value > Setting.MAX_FRAME_SIZE_LIMIT) {
                    throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE (RFC 9113 6.5.2)");
                }
                outbound.peerMaxFrame((int) value);
            }
            default -> {
                // MAX_HEADER_LIST_SIZE is advice, and our blocks are small.
            }
        }
    }

    private static void initialWindow(long value, Outbound outbound, Collection<H2Stream> streams) throws H2Violation {
        if (value > Integer.MAX_VALUE) {
            throw H2Violation.connection(H2Code.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 6.5.2)");
        }
        int change = (int) value - outbound.peerInitialWindow();
        outbound.peerInitialWindow((int) value);
        for (H2Stream each : List.copyOf(streams)) {
            if (!each.earn(change)) {
                throw H2Violation.connection(H2Code.FLOW_CONTROL_ERROR, "stream window beyond 2^31-1");
            }
            outbound.credited(each);
        }
    }
}
