/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.identity.SpiffeId;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections each identity holds; forgets those that hold none. Any thread. */
public final class PeerCounts {

    private final int most;
    private final ConcurrentHashMap<SpiffeId, Integer> held = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param most connections that one identity may hold
     */
    public PeerCounts(int most) {
        this.most = most;
    }

    /** One more of {@code peer}, unless it holds its share; then nothing is counted. */
    public boolean admit(SpiffeId peer) {
        // Counted beyond the share for a moment, so that the answer is made in one step.
        boolean admitted = held.merge(peer, 1, Integer::sum) <= most;
        if (!admitted) {
            left(peer);
        }
        return admitted;
    }

    /** One of {@code peer} that was admitted is gone. */
    public void left(SpiffeId peer) {
        held.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
    }
}
