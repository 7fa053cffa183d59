/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Receive buffers with room for a frame header in front of what is read, so that DATA goes out as one buffer (the biggest
 * lever measured: docs/adr/0004-own-http2-on-netty.md). The guess grows fourfold when a read fills it and halves when two
 * reads in a row need less than half.
 */
public final class HeadRoomAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

    /** What a connection starts with: idle ones stay small. */
    private static final int LEAST_BYTES = 2_048;

    private static final int GROWTH = 4;

    private final int most;

    /** Reads at most {@code most} bytes at once: no more than the peer takes in a frame. */
    public HeadRoomAllocator(int most) {
        this.most = most;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own type for this is deprecated only in name
    public Handle newHandle() {
        return new Guess();
    }

    private final class Guess extends MaxMessageHandle {
        private int guess = Math.min(LEAST_BYTES, most);
        private boolean wasSmall;

        @Override
        public int guess() {
            return guess;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int bytes = FrameType.HEADER_BYTES + guess;
            return allocator.directBuffer(bytes, bytes).setIndex(FrameType.HEADER_BYTES, FrameType.HEADER_BYTES);
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes >= attemptedBytesRead()) {
                guess = Math.min(guess * GROWTH, most);
                wasSmall = false;
            } else if (bytes > 0 && bytes < guess / 2) {
                guess = wasSmall ? Math.max(guess / 2, Math.min(LEAST_BYTES, most)) : guess;
                wasSmall = !wasSmall;
            } else {
                wasSmall = false;
            }
            super.lastBytesRead(bytes);
        }
    }
}
