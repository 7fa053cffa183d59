/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.listener;

import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Open tunnels that began a short time ago, of each peer to each next hop. The gateway sees ciphertext alone: in any of them
 * the peer may not have shown the node who calls, and such a tunnel takes one of the node's places for handshakes, which
 * other peers and the own cluster need too. Older ones have, or the node has closed them. Any thread.
 */
final class Beginners {

    /** A quarter of the handshakes that a node takes at once; of a peer's nodes each needs a few tunnels, and keeps them. */
    static final int MAX_OF_A_WAY = 500;

    /** Who to where. */
    private record Way(TrustDomain peer, InetSocketAddress hop) {}

    /** One tunnel, by identity. */
    static final class Tunnel {
        private final Way way;
        private final long began;

        private Tunnel(Way way, long began) {
            this.way = way;
            this.began = began;
        }
    }

    private final long beginning;
    private final Ticker ticker;
    private final Map<Way, LinkedHashSet<Tunnel>> open = new HashMap<>();

    /**
     * None yet.
     *
     * @param beginning how long a node waits for a handshake
     */
    Beginners(Duration beginning, Ticker ticker) {
        this.beginning = beginning.toNanos();
        this.ticker = ticker;
    }

    /** One more, for which {@link #ended} follows; empty if there are too many. */
    synchronized Optional<Tunnel> begins(TrustDomain peer, InetSocketAddress hop) {
        Way way = new Way(peer, hop);
        long now = ticker.nanos();
        LinkedHashSet<Tunnel> beginners = open.computeIfAbsent(way, absent -> new LinkedHashSet<>());
        while (!beginners.isEmpty() && now - beginners.getFirst().began >= beginning) {
            beginners.removeFirst();
        }
        if (beginners.size() >= MAX_OF_A_WAY) {
            return Optional.empty();
        }
        Tunnel tunnel = new Tunnel(way, now);
        beginners.add(tunnel);
        return Optional.of(tunnel);
    }

    synchronized void ended(Tunnel tunnel) {
        Set<Tunnel> beginners = open.getOrDefault(tunnel.way, new LinkedHashSet<>());
        beginners.remove(tunnel);
        if (beginners.isEmpty()) {
            open.remove(tunnel.way);
        }
    }

    /** Ways with tunnels. */
    synchronized int ways() {
        return open.size();
    }
}
