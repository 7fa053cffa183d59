/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies small pieces that must wait together: each would pin a receive buffer and an object of its own, so that a sender
 * of single bytes could make a window of them cost a hundred times its size.
 */
final class Gathering {

    /** Larger pieces wait as they are. */
    private static final int SMALL_BYTES = 4_096;

    private static final int GATHER_BYTES = 16_384;

    private final ByteBufAllocator allocator;
    private final Consumer<ByteBuf> next;
    private @Nullable ByteBuf open;

    /** Hands pieces to {@code next} in order, ownership too. */
    Gathering(ByteBufAllocator allocator, Consumer<ByteBuf> next) {
        this.allocator = allocator;
        this.next = next;
    }

    /** Takes a piece; small ones stay here until {@link #handOver}. */
    void add(ByteBuf piece) {
        int n = piece.readableBytes();
        if (n >= SMALL_BYTES) {
            handOver();
            next.accept(piece);
            return;
        }
        ByteBuf into = open;
        if (into == null || into.writableBytes() < n) {
            handOver();
            into = allocator.directBuffer(GATHER_BYTES, GATHER_BYTES);
            open = into;
        }
        into.writeBytes(piece);
        piece.release();
    }

    /** Hands over what was gathered; whether there was anything. */
    boolean handOver() {
        ByteBuf full = open;
        open = null;
        if (full != null) {
            next.accept(full);
        }
        return full != null;
    }

    /** Bytes that wait here. */
    int waiting() {
        return open == null ? 0 : open.readableBytes();
    }

    void release() {
        if (open != null) {
            open.release();
            open = null;
        }
    }
}
