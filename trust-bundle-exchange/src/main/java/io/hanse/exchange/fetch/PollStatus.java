/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

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

    /** The peer served an older bundle than the one held; refused. */
    public static final String ROLLED_BACK = "BUNDLE_ROLLED_BACK";

    /** The peer served other keys under the same sequence; taken. */
    public static final String SEQUENCE_REUSED = "BUNDLE_SEQUENCE_REUSED";

    /**
     * What is wrong.
     *
     * @param code a {@link io.hanse.model.reason.ReasonCode}, {@link #ROLLED_BACK} or {@link #SEQUENCE_REUSED}
     * @param detail one sentence for people
     * @param since when it was first seen
     */
    public record Problem(String code, String detail, Instant since) {}
}
