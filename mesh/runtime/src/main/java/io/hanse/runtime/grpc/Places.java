/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.PeerCounts;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Who holds how many connections of one listener. Callers without an SVID have few places, apart from the others; of
 * those, each identity has its share: neither strangers nor one member keep everybody out. Any thread.
 */
final class Places {

    private final Semaphore sockets;
    private final Semaphore members;
    private final Semaphore strangers;
    private final PeerCounts perPeer;

    /** What asking for a place brings. */
    sealed interface Place {

        /**
         * There is one.
         *
         * @param leave gives it back; called once
         */
        record Taken(Runnable leave) implements Place {}

        /** There is none. */
        record None(String why) implements Place {}
    }

    Places(GrpcLimits limits) {
        // As many again may be in their handshake: after an outage all come at once.
        this.sockets = new Semaphore(2 * limits.maxConnections() + limits.maxStrangers());
        this.members = new Semaphore(limits.maxConnections());
        this.strangers = new Semaphore(limits.maxStrangers());
        this.perPeer = new PeerCounts(limits.maxConnectionsPerPeer());
    }

    /** For a socket, before its handshake and until it is closed. */
    Place ofSocket() {
        return take(sockets, "too many connections");
    }

    /** For a connection whose handshake is done. */
    Place of(Optional<SpiffeId> peer) {
        return peer.map(this::ofMember).orElseGet(() -> take(strangers, "too many connections without an SVID"));
    }

    private Place ofMember(SpiffeId peer) {
        if (!perPeer.admit(peer)) {
            return new Place.None("too many connections of one peer");
        }
        return switch (take(members, "too many connections")) {
            case Place.Taken taken ->
                new Place.Taken(() -> {
                    taken.leave().run();
                    perPeer.left(peer);
                });
            case Place.None none -> {
                perPeer.left(peer);
                yield none;
            }
        };
    }

    private static Place take(Semaphore places, String why) {
        return places.tryAcquire() ? new Place.Taken(places::release) : new Place.None(why);
    }
}
