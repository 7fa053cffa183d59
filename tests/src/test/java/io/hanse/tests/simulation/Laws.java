/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import java.util.List;
import java.util.function.BiPredicate;

/** Fresh ones for each world: a law remembers what it has seen. */
final class Laws {

    private Laws() {}

    /** @param oneSided pairs of which one may have left without the other knowing */
    static List<Law> all(BiPredicate<Cluster, Cluster> oneSided) {
        return List.of(
                new NoTwoAuthoritiesOneKeyId(),
                new RootSpeaksForItsOwnDomainOnly(),
                new SequenceNeverGoesBack(),
                new NoInvitationTwice(),
                new ImportedOnlyWhatBothChose(),
                new LeaseBounds(),
                new PolicyNeverWiderThanOwners(),
                new IssuingNeverWaitsForPeer(),
                new OwnCallsGoOn(),
                new ValidSvidNeverRefused(),
                new WithdrawnTrustIsGone(),
                new Convergence(oneSided));
    }
}
