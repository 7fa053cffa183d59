/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.util.concurrent.Ticker;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much of the memory for all buffers together ({@code -XX:MaxDirectMemorySize}) is in use: bytes of buffers that somebody
 * holds, not what the pool keeps for later. The windows that are granted add up to more than there is, as everywhere; so when
 * many peers fill theirs at once, {@link Backlogs} makes those give way whose bytes nobody takes. Any thread.
 */
final class DirectMemory {

    /** From this share on stalled tunnels give way. The rest is for what flows, and for the holes in the pool's chunks. */
    private static final double SCARCE = 0.5;

    /** From this share on nothing new is taken either: whoever comes would be cut off in the middle. */
    private static final double SHORT = 0.8;

    /** A peer that holds less than this share is spared until memory is short: it is not the cause. */
    private static final double SPARED = 1.0 / 32;

    /** How old an answer to a newcomer may be: counting takes the pool's locks for some microseconds. */
    private static final Duration FRESH = Duration.ofMillis(5);

    private final LongSupplier reserved;
    private final LongSupplier inUse;
    private final Ticker ticker;
    private final long scarce;
    private final long tooMuch;
    private final long spared;
    private volatile boolean wasShort;
    private volatile long countedAt;

    /**
     * Of {@code most} bytes, as many are in use as {@code inUse} says.
     *
     * @param reserved at least as many, known at no cost; negative if not known
     */
    DirectMemory(LongSupplier reserved, LongSupplier inUse, long most, Ticker ticker) {
        this.reserved = reserved;
        this.inUse = inUse;
        this.ticker = ticker;
        this.scarce = (long) (SCARCE * most);
        this.tooMuch = (long) (SHORT * most);
        this.spared = (long) (SPARED * most);
        this.countedAt = ticker.nanoTime() - FRESH.toNanos();
    }

    static DirectMemory ofProcess() {
        return new DirectMemory(
                PlatformDependent::usedDirectMemory,
                EventLoops.BUFFERS::pinnedDirectMemory,
                PlatformDependent.estimateMaxDirectMemory(),
                Ticker.systemTicker());
    }

    /** Counts only once the pool has grown so far: it usually never does. */
    private long used() {
        long atMost = reserved.getAsLong();
        return atMost >= 0 && atMost <= scarce ? atMost : inUse.getAsLong();
    }

    /** Whether nothing new should be taken; cheap enough for every tunnel. */
    boolean isShort() {
        long now = ticker.nanoTime();
        if (now - countedAt >= FRESH.toNanos()) {
            countedAt = now;
            wasShort = used() > tooMuch;
        }
        return wasShort;
    }

    /** How much one peer may hold in stalled tunnels now; counted afresh, so not for every piece of data. */
    long allowance() {
        long now = used();
        return now <= scarce ? Long.MAX_VALUE : now <= tooMuch ? spared : 0;
    }
}
