/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import java.util.Optional;
import java.util.Set;

/** Who reads, and so what it may see. */
public sealed interface Subscriber {

    /** A node of this cluster: everything, and the duties of the workloads it hosts. */
    record Node(String name) implements Subscriber {}

    /** Anybody else of this trust domain: everything but duties. */
    record Member() implements Subscriber {}

    /** The registry of a peer with a live relationship: what is exported. */
    record Peer(TrustDomain trustDomain) implements Subscriber {}

    /** Nobody who may read; {@code retry} if that may change by itself. */
    record Stranger(String why, boolean retry) implements Subscriber {}

    /**
     * Decides by verified identity.
     *
     * @param live trust domains with a live relationship; empty while none were told yet
     */
    static Subscriber of(SpiffeId caller, TrustDomain own, Optional<Set<TrustDomain>> live) {
        if (caller.trustDomain().equals(own)) {
            return SystemIdentity.nodeName(caller).<Subscriber>map(Node::new).orElseGet(Member::new);
        }
        if (!SystemIdentity.CLUSTER_REGISTRY.is(caller)) {
            return new Stranger("NOT_A_PEER: %s is not a peer's cluster-registry".formatted(caller), false);
        }
        if (live.isEmpty()) {
            return new Stranger("DRAINING: the relationships are not known yet, try again", true);
        }
        if (!live.get().contains(caller.trustDomain())) {
            return new Stranger(
                    "NOT_A_PEER: there is no live relationship with %s".formatted(caller.trustDomain()), false);
        }
        return new Peer(caller.trustDomain());
    }
}
