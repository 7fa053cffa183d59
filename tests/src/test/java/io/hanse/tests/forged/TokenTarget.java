/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whose token is forged, for whom, and with which keys the genuine ones are signed. */
record TokenTarget(TestAuthority authority, TestAuthority neighbour, SpiffeId subject, String audience) {

    /** Key ids in the bundle. */
    static final String P256 = "k-p256";

    static final String P384 = "k-p384";
    static final String RSA = "k-rsa";

    /** What the door trusts. */
    BundleMap bundles() {
        return bundlesWith(List.of(
                new JwtAuthority(P256, Keys.EC.getPublic()),
                new JwtAuthority(P384, Keys.EC_384.getPublic()),
                new JwtAuthority(RSA, Keys.RSA_2048.getPublic())));
    }

    private BundleMap bundlesWith(List<JwtAuthority> keys) {
        return TestAuthority.bundles(authority, neighbour)
                .with(new TrustBundle(
                        authority.trustDomain(),
                        List.of(authority.certificate()),
                        keys,
                        OptionalLong.of(1),
                        Optional.empty()));
    }

    /** A genuine token, before it is signed. */
    Tokens.Draft draft() {
        Instant now = ServerDoors.CLOCK.instant();
        Tokens.Draft draft = new Tokens.Draft(Keys.EC.getPrivate());
        draft.header.put("alg", "ES256").put("typ", "JWT").put("kid", P256);
        draft.claims.put("sub", subject.toString());
        draft.claims.putArray("aud").add(audience);
        draft.claims
                .put("iat", now.getEpochSecond())
                .put("exp", now.plusSeconds(300).getEpochSecond());
        return draft;
    }

    /** Signed by another key pair of the right kind. */
    Tokens.Draft draftBy(KeyPair other) {
        Tokens.Draft draft = draft();
        draft.key = other.getPrivate();
        return draft;
    }
}
