/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import java.util.List;
import java.util.Optional;

/** What became of an attempt to open a tunnel, told before any application byte was taken. */
public sealed interface OpenOutcome {

    /**
     * The tunnel stands.
     *
     * @param peers the gateway's verified ID (if any), then the endpoint's
     */
    record Opened(List<SpiffeId> peers) implements OpenOutcome {
        public Opened {
            peers = List.copyOf(peers);
        }
    }

    /**
     * A verified peer answered with another status than 200.
     *
     * @param reason what {@code hanse-reason} says, else what the status implies
     * @param policy what {@code hanse-policy} says
     */
    record Refused(Hop hop, int status, ReasonCode reason, Optional<PolicyName> policy) implements OpenOutcome {}

    /**
     * There was no answer: not dialled, not verified, lost, or late. Another endpoint may be tried with the same
     * application channel.
     *
     * @param detail one clause for people
     */
    record Failed(Hop hop, ReasonCode reason, String detail) implements OpenOutcome {}
}
