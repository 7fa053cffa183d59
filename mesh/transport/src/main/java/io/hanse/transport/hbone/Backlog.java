/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.time.Duration;

/**
 * Bytes of one tunnel, in one direction, or of a whole connection, that wait for somebody who does not take them. It stalls
 * while it holds more than goes out in {@link #PATIENCE}. On its event loop.
 */
abstract class Backlog {

    /** A tunnel that takes longer than this for what it holds is stalled: a window of 256 KiB at 2 Mbit/s. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The least time over which speed is judged. */
    static final Duration JUDGED_OVER = Duration.ofMillis(50);

    private final Holder holder;
    private boolean kept;
    private boolean stalled;
    private long judgedAt;
    private long passedThen;

    /** Of a tunnel with {@code peer}. */
    Backlog(SpiffeId peer) {
        this(Holder.of(peer));
    }

    Backlog(Holder holder) {
        this.holder = holder;
    }

    /** Bytes that wait now. */
    abstract long waiting();

    /** Bytes that ever went out. */
    abstract long passed();

    /** Ends the tunnel, or the connection, with {@code LIMIT_EXCEEDED}. */
    abstract void giveWay();

    final Holder holder() {
        return holder;
    }

    /** Begins to count; false if it did before. */
    final boolean keep(long now) {
        if (kept) {
            return false;
        }
        kept = true;
        stalled = false;
        judgedAt = now;
        passedThen = passed();
        return true;
    }

    final void drop() {
        kept = false;
    }

    /** Whether its bytes do not flow; a new one flows until the contrary is known. */
    final boolean stalls(long now) {
        long time = now - judgedAt;
        if (time >= JUDGED_OVER.toNanos()) {
            double perNano = (double) (passed() - passedThen) / time;
            stalled = perNano * PATIENCE.toNanos() < waiting();
            judgedAt = now;
            passedThen = passed();
        }
        return stalled;
    }
}
