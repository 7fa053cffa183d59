/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;

/**
 * Whether the memory of all buffers together runs short ({@code -XX:MaxDirectMemorySize}). The windows that are granted add
 * up to more than there is, as everywhere; so when many peers fill theirs at once, those whose bytes nobody takes give
 * way, and those that flow go on. Any thread.
 */
final class DirectMemory {

    /** Of what the process may have; the rest is for what flows: a read of 256 KiB for each of 200 busy connections. */
    private static final double SHORT = 0.75;

    private static final long LIMIT = (long) (SHORT * PlatformDependent.estimateMaxDirectMemory());

    private DirectMemory() {}

    /** Sums a few counters: not for every piece of data. */
    static boolean isShort() {
        return EventLoops.BUFFERS instanceof ByteBufAllocatorMetricProvider allocator
                && allocator.metric().usedDirectMemory() > LIMIT;
    }
}
