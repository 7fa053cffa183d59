/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/**
 * What a connection remembers of streams that are gone: which ids the client has used (RFC 9113 5.1.1), and how much DATA
 * may still be on its way to streams that ended here first. On the connection's event loop.
 */
final class PeerStreams {

    private final int streamWindow;
    private int accepted;
    private int seen;
    private int seenBeforeBurst;
    private long onItsWay;

    PeerStreams(H2Limits limits) {
        this.streamWindow = limits.streamWindowBytes();
    }

    /** The highest id that was looked at: what GOAWAY says. */
    int lastAccepted() {
        return accepted;
    }

    /** Whether the client has not come to this id yet. */
    boolean isIdle(int id) {
        return id > seen;
    }

    void burstEnds() {
        seenBeforeBurst = seen;
    }

    /** Whether the stream was asked for in the burst being read now: its answer has not left yet. */
    boolean isOfThisBurst(int id) {
        return id > seenBeforeBurst;
    }

    /** A request with an id that was not used before. */
    void comes(int id, boolean isAccepted) throws H2Violation {
        if (id <= seen) {
            throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "HEADERS with an id used before (RFC 9113 5.1.1)");
        }
        seen = id;
        if (isAccepted) {
            accepted = id;
        }
    }

    /** A stream that was never open here: its client may have sent as much as a fresh window takes. */
    void refused() {
        onItsWay += streamWindow;
    }

    /** A stream is over here, and its peer may not know yet. */
    void ended(H2Stream stream) {
        if (!stream.isRemoteEnded()) {
            onItsWay += Math.max(0, stream.receiveWindow());
        }
    }

    /** DATA for a stream that is gone. */
    void late(int bytes) throws H2Violation {
        onItsWay -= bytes;
        if (onItsWay < 0) {
            throw H2Violation.connection(H2Code.STREAM_CLOSED, "DATA on a closed stream (RFC 9113 5.1)");
        }
    }
}
