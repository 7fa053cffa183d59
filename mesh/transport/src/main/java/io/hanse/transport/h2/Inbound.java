/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The receiving half of a connection: bytes become frames, frames act, and what a peer does wrong is answered. */
final class Inbound {

    private final H2Connection connection;
    private final H2Limits limits;
    private final FloodGuard floods;
    private final FrameReader reader;
    private final InboundFrames frames;

    Inbound(
            H2Connection connection,
            H2Limits limits,
            FloodGuard floods,
            HeaderCodec codec,
            ByteBufAllocator allocator) {
        this.connection = connection;
        this.limits = limits;
        this.floods = floods;
        this.frames = new InboundFrames(connection, connection.role(), floods, codec, limits);
        this.reader = new FrameReader(allocator, limits, connection.role() == H2Role.SERVER);
    }

    /** Reads all of {@code in}, which stays the caller's. */
    void read(ByteBuf in) {
        while (!connection.isOver() && !readAll(in)) {
            // A violation of one stream: read on behind it.
        }
    }

    private boolean readAll(ByteBuf in) {
        try {
            reader.read(in, frames);
            if (connection.outbound().answersHeldUp() > limits.maxUnreadAnswers()) {
                throw H2Violation.limit(Limit.UNREAD_ANSWERS, "asks for more answers than it reads");
            }
            return true;
        } catch (H2Violation violation) {
            return punished(violation);
        }
    }

    private boolean punished(H2Violation violation) {
        if (violation.streamId() == 0) {
            connection.fail(violation);
            return true;
        }
        if (violation.limit() != null) {
            connection.listener().limited(violation.limit(), violation.detail());
        }
        if (blame()) {
            return true;
        }
        H2Stream stream = connection.stream(violation.streamId());
        connection.outbound().reset(violation.streamId(), violation.code());
        if (stream != null) {
            stream.onFailure(violation.code(), ReasonCode.PROTOCOL_ERROR);
        }
        return false;
    }

    /** Counts a stream that was asked for in vain; whether that ended the connection. */
    boolean blame() {
        try {
            floods.prematureReset();
            return false;
        } catch (H2Violation flood) {
            connection.fail(flood);
            return true;
        }
    }

    /** What is being read: changes with every whole frame; -1 if nothing is begun. DATA may take its time. */
    int unfinished() {
        return reader.midFrame() || frames.midBlock() ? frames.whole() : -1;
    }

    void release() {
        reader.release();
    }
}
