/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import java.util.Optional;
import java.util.Set;

/** Whether a proved identity is the one wanted here. It never replaces the proof. */
@FunctionalInterface
public interface PeerCheck {

    /** Empty if {@code id} is welcome. */
    Optional<Refused> check(SpiffeId id);

    /** Exactly this one. */
    static PeerCheck exactly(SpiffeId expected) {
        return id -> id.equals(expected) ? Optional.empty() : refuse(id, expected.toString());
    }

    /** One of these; nobody if there are none. */
    static PeerCheck anyOf(Set<SpiffeId> expected) {
        Set<SpiffeId> copy = Set.copyOf(expected);
        return id -> copy.contains(id) ? Optional.empty() : refuse(id, "one of " + copy.size() + " other identities");
    }

    /** Anybody of this trust domain. */
    static PeerCheck memberOf(TrustDomain trustDomain) {
        return id -> id.trustDomain().equals(trustDomain)
                ? Optional.empty()
                : refuse(id, "an identity of trust domain " + trustDomain);
    }

    /** Anybody whose trust domain has a bundle here. */
    static PeerCheck anyKnown() {
        return id -> Optional.empty();
    }

    private static Optional<Refused> refuse(SpiffeId id, String expected) {
        return Optional.of(
                new Refused(ReasonCode.IDENTITY_UNEXPECTED, "peer is %s (expected: %s)".formatted(id, expected)));
    }
}
