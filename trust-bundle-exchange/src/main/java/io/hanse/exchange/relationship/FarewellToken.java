/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.svid.JwtSvidVerifier;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification;
import java.time.Instant;
import java.util.Optional;

/** Reads the JWT-SVID with which a peer's exchange says farewell: it must be genuine, and an exchange's. Pure. */
final class FarewellToken {

    private FarewellToken() {}

    /** What the token proves. */
    sealed interface Verdict {

        /**
         * The exchange of this trust domain made it, for us.
         *
         * @param issuedAt by its clock, to the second; tokens that others make may not say
         */
        record Genuine(TrustDomain trustDomain, Optional<Instant> issuedAt) implements Verdict {}

        /** Nothing. */
        record Refused(ReasonCode reason, String detail) implements Verdict {}
    }

    /**
     * Verifies a token. Clocks may differ as much as an accept allows: whoever could connect can leave.
     *
     * @param bundles whose keys may vouch
     * @param audience our endpoint's SPIFFE ID
     */
    static Verdict verify(String token, BundleMap bundles, SpiffeId audience, Instant now) {
        return switch (JwtSvidVerifier.verify(
                token, bundles, audience.toString(), now, Accepting.MOST_CLOCK_DIFFERENCE)) {
            case JwtVerification.Genuine genuine ->
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.is(genuine.subject())
                        ? new Verdict.Genuine(
                                genuine.subject().trustDomain(),
                                Optional.ofNullable(genuine.claims().get("iat"))
                                        .filter(Number.class::isInstance)
                                        .map(Number.class::cast)
                                        .map(Number::longValue)
                                        .map(Instant::ofEpochSecond))
                        : new Verdict.Refused(
                                ReasonCode.IDENTITY_UNEXPECTED,
                                "its subject is %s (expected: a trust-bundle-exchange)".formatted(genuine.subject()));
            case JwtVerification.Refused refused -> new Verdict.Refused(refused.reason(), refused.detail());
        };
    }
}
