/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.reason.ReasonCode;

/** What one look at a peer's bundle endpoint found. */
public sealed interface FetchOutcome {

    /** A well-formed bundle from the endpoint that was to be asked; not yet judged against the one held. */
    record Fetched(TrustBundle bundle) implements FetchOutcome {}

    /**
     * No bundle.
     *
     * @param reason the code for status, log and metric
     * @param detail one sentence for people, with the usual cause
     */
    record Failed(ReasonCode reason, String detail) implements FetchOutcome {}
}
