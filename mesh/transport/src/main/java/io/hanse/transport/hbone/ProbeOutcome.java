/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.time.Duration;
import java.util.List;

/** What a probe or a dry run brought back. */
public sealed interface ProbeOutcome {

    /**
     * The far proxy said 200.
     *
     * @param roundTrip from CONNECT to answer, dialling not included
     * @param peers the gateway's verified ID (if any), then the endpoint's
     */
    record Answered(Duration roundTrip, List<SpiffeId> peers) implements ProbeOutcome {
        public Answered {
            peers = List.copyOf(peers);
        }
    }

    /** Anything else; never {@link OpenOutcome.Opened}. */
    record NotAnswered(OpenOutcome outcome) implements ProbeOutcome {}
}
