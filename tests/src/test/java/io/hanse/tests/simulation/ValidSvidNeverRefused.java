/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.reason.ReasonCode;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate that is in date, from an authority that nobody has withdrawn, is taken by everybody who must know that
 * authority: a peer who was introduced to it, or who has had a poll's time of calm since it was published. An authority
 * that its operator did not hurry waits until every such peer does. In its own cluster after the push.
 */
final class ValidSvidNeverRefused implements Law {

    private Optional<League> league = Optional.empty();

    @Override
    public void look(League now) {
        league = Optional.of(now);
    }

    @Override
    public void handshake(Cluster verifier, Cluster signer, X509Certificate leaf, Optional<ReasonCode> refused) {
        if (refused.isPresent()
                && league.isPresent()
                && !signer.lies()
                && mustBeTaken(league.get(), verifier, signer, leaf)) {
            throw broken("%s refused %s's valid certificate: %s".formatted(verifier, signer, refused.get()));
        }
    }

    private static boolean mustBeTaken(League league, Cluster verifier, Cluster signer, X509Certificate leaf) {
        Instant theirNow = verifier.ca().time();
        Optional<X509Certificate> authority = league.ledger().signer(signer, leaf);
        boolean valid = theirNow.isBefore(leaf.getNotAfter().toInstant())
                && theirNow.isAfter(leaf.getNotBefore().toInstant())
                && authority.isPresent();
        if (!valid) {
            return false;
        }
        if (!league.ledger().isKnown(verifier, signer, authority.get())) {
            return signsTooSoon(league, verifier, signer, authority.get());
        }
        Ledger.Fact fact = league.ledger().fact(authority.get()).orElseThrow();
        boolean pushed = verifier != signer || fact.wasPatient() || league.calm(verifier, signer, Ledger.KNOWN);
        // The exchange may have forgotten the peer, and registry and proxies not yet, or the other way round.
        boolean settled = verifier == signer
                || league.ledger()
                        .established(verifier, signer)
                        .filter(span -> span.compareTo(verifier.exchange().behind()) > 0)
                        .isPresent();
        return fact.gone().isEmpty() && pushed && settled;
    }

    /** With the publication time between its first showing and its first signature, this peer would know it by now. */
    private static boolean signsTooSoon(League league, Cluster verifier, Cluster signer, X509Certificate authority) {
        Ledger.Fact fact = league.ledger().fact(authority).orElseThrow();
        return !fact.wasHurried()
                && fact.gone().isEmpty()
                && league.ledger().isStrandedByOnly(verifier, signer, authority)
                && league.calm(verifier, signer, Ledger.KNOWN.plus(Ledger.KNOWN))
                && league.ledger()
                        .established(verifier, signer)
                        .filter(span -> span.compareTo(Ledger.KNOWN.plus(Ledger.KNOWN)) > 0)
                        .isPresent();
    }
}
