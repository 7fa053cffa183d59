/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.Resource;
import java.util.List;
import java.util.Map;

/** One stream to a peer's registry through one of its gateways. Public because a simulated network makes its own. */
public interface PeerLink {

    /** Ends it; the listener hears nothing more that matters. */
    void close();

    /** Hears what happens on a link; called by one thread at a time. */
    interface Listener {

        /** A response arrived, a sign of life if it is empty; the answer, what was refused, is sent as ACK or NACK. */
        List<Refusal> received(List<Resource> resources, List<String> removed);

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
