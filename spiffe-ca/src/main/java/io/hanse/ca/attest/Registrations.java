/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.identity.SpiffeId;

/** Which identities run on which node, as the cluster's registry says. Any thread; does not block. */
@FunctionalInterface
public interface Registrations {

    /** Whether {@code id} runs on {@code node}. */
    Standing standing(String node, SpiffeId id);

    /** What the registry says. */
    enum Standing {
        HERE,
        NOT_HERE,
        /** The registry has never been heard, and nothing was kept from before. */
        UNHEARD
    }
}
