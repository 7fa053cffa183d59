/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.identity.SpiffeId;

/** Invariant 6: whoever asks a spiffe-ca that is there gets an SVID, whatever has become of all the others. */
final class IssuingNeverWaitsForPeer implements Law {

    @Override
    public void issued(Cluster cluster, SpiffeId id, boolean issued) {
        if (!issued) {
            throw broken("%s did not issue %s".formatted(cluster, id));
        }
    }
}
