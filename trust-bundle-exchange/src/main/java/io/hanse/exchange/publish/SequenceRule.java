/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.model.bundle.TrustBundle;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which {@code spiffe_sequence} the own bundle bears (Bundle 4.1.1): one more for each change of the document, kept
 * across restarts, never used twice. Pure.
 */
final class SequenceRule {

    private SequenceRule() {}

    /**
     * The bundle to publish next, or the very {@code held} one if nothing changed.
     *
     * @param held as last published; its sequence is present
     * @param floor the highest sequence ever published, as far as is known; 0 at the very first start
     * @param keys the trust domain's keys now, whatever sequence and hint they carry
     */
    static TrustBundle next(Optional<TrustBundle> held, long floor, TrustBundle keys, Duration hint) {
        Optional<Duration> wantedHint = Optional.of(hint);
        if (held.isEmpty()) {
            return numbered(keys, Math.addExact(floor, 1), wantedHint);
        }
        TrustBundle before = held.get();
        if (before.hasSameKeysAs(keys) && before.refreshHint().equals(wantedHint)) {
            return before;
        }
        return numbered(keys, Math.addExact(Math.max(floor, before.sequence().orElse(0)), 1), wantedHint);
    }

    private static TrustBundle numbered(TrustBundle keys, long sequence, Optional<Duration> hint) {
        return new TrustBundle(
                keys.trustDomain(), keys.x509Authorities(), keys.jwtAuthorities(), OptionalLong.of(sequence), hint);
    }
}
