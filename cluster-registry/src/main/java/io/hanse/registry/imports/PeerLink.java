/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.util.Map;
import java.util.Optional;

/** One stream to a peer's registry through one of its gateways. Public because a simulated network makes its own. */
public interface PeerLink {

    /** Ends it; the listener hears nothing more that matters. */
    void close();

    /** Hears what happens on a link; called by one thread at a time. */
    interface Listener {

        /** A response arrived; the answer says what of it was refused, if anything, and is sent as ACK or NACK. */
        Optional<String> received(DeltaDiscoveryResponse response);

        /** The link is over and will not come back by itself. */
        void ended(String why);
    }

    /** Makes links. */
    @FunctionalInterface
    interface Dialer {

        /**
         * Begins a link; failure is told to the listener.
         *
         * @param known versions of the resources held already, by name
         */
        PeerLink dial(Relationship peer, HostPort gateway, Map<String, String> known, Listener listener);
    }
}
