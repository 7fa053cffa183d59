/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.reason.ReasonCode;

/** A place of the product where something is shown and judged: a real server, or a real client. */
interface Door<A> {

    String name();

    /** Whether the artefact can come here at all. */
    default boolean reaches(Forgery<A> forgery) {
        return true;
    }

    /** Shows it: {@code OK} if it was taken, else the reason that the door's own log, metric or answer names. */
    ReasonCode show(A artefact) throws Exception;

    /** Ends what stands behind it. */
    void end() throws Exception;
}
