/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.reason.ReasonCode;
import java.time.Instant;
import java.util.Optional;

/**
 * How the polling of one peer stands.
 *
 * @param lastSuccess when its endpoint last served a well-formed bundle to this process
 * @param problem what is wrong since then; absent when the last poll was fine
 * @param nextPoll when it is asked again, about
 */
public record PollStatus(Optional<Instant> lastSuccess, Optional<Problem> problem, Optional<Instant> nextPoll) {

    /** Not asked yet. */
    public static final PollStatus NONE = new PollStatus(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * What is wrong.
     *
     * @param code the reason; {@code BUNDLE_SEQUENCE_REUSED} alone does not keep the bundle from being taken
     * @param detail one sentence for people
     * @param since when it was first seen
     */
    public record Problem(ReasonCode code, String detail, Instant since) {}
}
