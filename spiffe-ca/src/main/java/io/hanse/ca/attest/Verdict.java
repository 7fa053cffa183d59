/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.identity.SpiffeId;

/** Whether a claim holds. */
public sealed interface Verdict {

    /**
     * The caller may have an SVID of this identity.
     *
     * @param requester for the journal
     */
    record Granted(SpiffeId id, String requester) implements Verdict {}

    record Denied(Refusal refusal) implements Verdict {}

    /** A denial. */
    static Denied denied(Refusal.Code code, String detail) {
        return new Denied(new Refusal(code, detail));
    }
}
