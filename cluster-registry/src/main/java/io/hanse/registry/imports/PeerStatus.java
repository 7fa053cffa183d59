/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.trust.Relationship;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the import from one peer stands.
 *
 * @param gateway the one the stream goes through, or is tried through
 * @param connectedSince when this stream's first message came
 * @param lastContact last message of the peer's registry, since this process started
 * @param leaseExpires when its endpoints are withdrawn unless it is heard from; empty once they are
 * @param withdrawn endpoints withdrawn because the lease ran out, until they are back
 * @param losses how often they were withdrawn lately
 * @param heldUntil when the endpoints of a peer that is heard again will be back, if it is not lost before
 * @param refusals the first of what it told that is not used
 * @param refused how much of it is not used, by reason
 * @param lastError why the last stream ended
 */
public record PeerStatus(
        Relationship relationship,
        State state,
        Optional<HostPort> gateway,
        Optional<Instant> connectedSince,
        Optional<Instant> lastContact,
        Optional<Instant> leaseExpires,
        int withdrawn,
        int losses,
        Optional<Instant> heldUntil,
        List<Refusal> refusals,
        Map<ReasonCode, Integer> refused,
        Optional<String> lastError) {

    public PeerStatus {
        refusals = List.copyOf(refusals);
        refused = Map.copyOf(refused);
    }

    /** Where it stands. */
    public enum State {
        /** A stream is being opened and nothing came yet. */
        CONNECTING,
        /** A stream is open and the peer was heard on it. */
        CONNECTED,
        /** The last stream ended; the next try waits. Endpoints stand as long as the lease. */
        BACKOFF,
        /** Not heard for a lease; its endpoints are withdrawn. */
        LEASED_OUT,
        /** Heard again after it was lost several times; its endpoints wait until it has stayed for a while. */
        HELD_DOWN,
        /** Another replica of this registry subscribes to it. */
        ELSEWHERE
    }
}
