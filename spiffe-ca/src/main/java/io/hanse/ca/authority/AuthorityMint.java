/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.keys.SigningKey;
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.JwtSvidToken;
import io.hanse.ca.profile.Lifetime;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes authorities and proves each one before anybody relies on it: it signs a throw-away leaf (or token), and that is
 * verified as every peer will verify.
 */
final class AuthorityMint {

    private static final Duration PROOF_LIFETIME = Duration.ofMinutes(1);
    private static final String PROOF_PATH = "/hanse/proof";

    private final TrustDomain trustDomain;
    private final AuthoritySettings settings;
    private final CryptoProvider crypto;
    private final SecureRandom random;
    private final InstantSource clock;
    private final SvidVerifier verifier;

    AuthorityMint(
            TrustDomain trustDomain,
            AuthoritySettings settings,
            CryptoProvider crypto,
            SecureRandom random,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.settings = settings;
        this.crypto = crypto;
        this.random = random;
        this.clock = clock;
        this.verifier = new SvidVerifier(clock);
    }

    /**
     * A fresh, proved authority.
     *
     * @throws CaException if what it signs does not verify
     */
    AuthorityMaterial make(AuthorityKind kind) {
        Lifetime lifetime = Lifetime.from(clock.instant(), settings.schedule().lifetime());
        return switch (kind) {
            case X509 -> {
                SigningKey key = SigningKey.generate(settings.x509Key(), crypto);
                X509Certificate certificate =
                        Certificates.authority(trustDomain, key, lifetime, Certificates.randomSerial(random));
                prove(AuthorityMaterial.x509(key, certificate));
                yield AuthorityMaterial.x509(key, certificate);
            }
            case JWT -> {
                AuthorityMaterial made =
                        AuthorityMaterial.jwt(SigningKey.generate(settings.jwtKey(), crypto), lifetime);
                prove(made);
                yield made;
            }
        };
    }

    /** Signs with {@code material} and verifies by the normal path. */
    void prove(AuthorityMaterial material) {
        switch (material.kind()) {
            case X509 -> proveX509(material);
            case JWT -> proveJwt(material);
        }
    }

    private void proveX509(AuthorityMaterial material) {
        SpiffeId id = new SpiffeId(trustDomain, PROOF_PATH);
        SigningKey leafKey = SigningKey.generate(KeyKind.EC_P256, crypto);
        X509Certificate leaf = Certificates.leaf(
                id,
                leafKey.publicKey(),
                Lifetime.from(clock.instant(), PROOF_LIFETIME),
                Certificates.randomSerial(random),
                material.x509Certificate(),
                material.key());
        TrustBundle bundle = TrustBundle.ofX509(trustDomain, List.of(material.x509Certificate()));
        Verification seen = verifier.verify(List.of(leaf), BundleMap.empty().with(bundle));
        switch (seen) {
            case Verification.Verified verified -> {
                if (!verified.id().equals(id)) {
                    throw unproved(material, "it proves " + verified.id());
                }
            }
            case Verification.Refused refused -> throw unproved(material, refused.reason() + ": " + refused.detail());
        }
    }

    private void proveJwt(AuthorityMaterial material) {
        Instant now = clock.instant();
        String token = JwtSvidToken.sign(
                new SpiffeId(trustDomain, PROOF_PATH), List.of("proof"), now, now.plus(PROOF_LIFETIME), material.key());
        if (!JwtSvidToken.verifies(token, material.keyId(), material.key().publicKey())) {
            throw unproved(material, "its token does not verify");
        }
    }

    private static CaException unproved(AuthorityMaterial material, String found) {
        return new CaException(
                CaException.Code.AUTHORITY_PROOF,
                "a new %s authority failed its proof: %s"
                        .formatted(material.kind().text(), found),
                "check this machine's clock and crypto library; the old authority stays in use");
    }
}
