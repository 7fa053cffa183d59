/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.util.Optional;

/**
 * For whom waiting bytes are counted.
 *
 * @param peer the proved one; empty for all those together who prove nothing here: plain text, and what is passed through
 */
record Holder(Optional<SpiffeId> peer) {

    static final Holder UNPROVED = new Holder(Optional.empty());

    static Holder of(SpiffeId peer) {
        return new Holder(Optional.of(peer));
    }
}
