/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the JWT-SVID with which a peer's exchange says farewell (JWT-SVID.md 2, 3, 6). Judged with the JWT keys of the
 * trust domain that its subject names, and no other. Pure.
 */
final class FarewellToken {

    /** A JWT-SVID with an RSA-4096 signature is below 2 KiB. */
    static final int MAX_CHARACTERS = 8 << 10;

    /** For clocks that differ a little. */
    static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);

    private static final Set<String> HEADERS = Set.of("alg", "kid", "typ");
    private static final Set<String> TYPES = Set.of("JWT", "JOSE");

    private FarewellToken() {}

    /** What the token proves. */
    sealed interface Verdict {

        /** The exchange of this trust domain made it, for us. */
        record Genuine(TrustDomain trustDomain) implements Verdict {}

        /** Nothing. */
        record Refused(ReasonCode reason, String detail) implements Verdict {}
    }

    /**
     * Verifies a token.
     *
     * @param bundles whose keys may vouch
     * @param audience our endpoint's SPIFFE ID
     */
    static Verdict verify(String token, BundleMap bundles, SpiffeId audience, Instant now) {
        if (token.length() > MAX_CHARACTERS) {
            return new Verdict.Refused(ReasonCode.TOKEN_MALFORMED, "it is longer than any JWT-SVID");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            Optional<Verdict> header = header(jwt.getHeader());
            if (header.isPresent()) {
                return header.get();
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            SpiffeId subject = SpiffeId.parse(String.valueOf(claims.getSubject()));
            if (!SystemIdentity.TRUST_BUNDLE_EXCHANGE.is(subject)) {
                return new Verdict.Refused(
                        ReasonCode.IDENTITY_UNEXPECTED,
                        "its subject is %s (expected: a trust-bundle-exchange)".formatted(subject));
            }
            return bundles.of(subject.trustDomain())
                    .map(bundle -> signed(jwt, bundle.jwtAuthorities())
                            .or(() -> claims(claims, audience, now))
                            .orElseGet(() -> new Verdict.Genuine(subject.trustDomain())))
                    .orElseGet(() -> new Verdict.Refused(
                            ReasonCode.NOT_A_PEER,
                            "there is no relationship with %s".formatted(subject.trustDomain())));
        } catch (ParseException | InvalidSpiffeId e) {
            return new Verdict.Refused(ReasonCode.TOKEN_MALFORMED, "it is not a JWT-SVID in compact form");
        }
    }

    private static Optional<Verdict> header(JWSHeader header) {
        if (!ALGORITHMS.contains(header.getAlgorithm())) {
            return refused(ReasonCode.TOKEN_ALGORITHM, "its algorithm is not one of JWT-SVID 2.1");
        }
        if (!HEADERS.containsAll(header.getIncludedParams())) {
            return refused(ReasonCode.TOKEN_HEADER, "its header holds more than alg, kid and typ");
        }
        if (header.getType() != null && !TYPES.contains(header.getType().getType())) {
            return refused(ReasonCode.TOKEN_HEADER, "its typ is neither JWT nor JOSE");
        }
        if (header.getKeyID() == null || header.getKeyID().isEmpty()) {
            return refused(ReasonCode.TOKEN_HEADER, "it has no kid");
        }
        return Optional.empty();
    }

    private static Optional<Verdict> signed(SignedJWT jwt, List<JwtAuthority> authorities) {
        Optional<PublicKey> key = authorities.stream()
                .filter(authority -> authority.keyId().equals(jwt.getHeader().getKeyID()))
                .map(JwtAuthority::key)
                .findFirst();
        if (key.isEmpty()) {
            return refused(ReasonCode.TOKEN_KEY_UNKNOWN, "its key is not in the bundle held of its trust domain");
        }
        try {
            Optional<JWSVerifier> verifier = verifier(key.get());
            boolean good = verifier.isPresent() && jwt.verify(verifier.get());
            return good ? Optional.empty() : refused(ReasonCode.TOKEN_SIGNATURE, "its signature does not verify");
        } catch (JOSEException e) {
            return refused(ReasonCode.TOKEN_SIGNATURE, "its algorithm does not fit the key");
        }
    }

    private static Optional<JWSVerifier> verifier(PublicKey key) throws JOSEException {
        return switch (key) {
            case ECPublicKey ec -> Optional.of(new ECDSAVerifier(ec));
            case RSAPublicKey rsa -> Optional.of(new RSASSAVerifier(rsa));
            default -> Optional.empty();
        };
    }

    private static Optional<Verdict> claims(JWTClaimsSet claims, SpiffeId audience, Instant now) {
        if (claims.getAudience().stream().noneMatch(audience.toString()::equals)) {
            return refused(ReasonCode.TOKEN_AUDIENCE, "it is not meant for %s".formatted(audience));
        }
        if (claims.getExpirationTime() == null) {
            return refused(ReasonCode.TOKEN_CLAIMS, "it does not expire");
        }
        if (!now.isBefore(claims.getExpirationTime().toInstant().plus(LEEWAY))) {
            return refused(ReasonCode.TOKEN_EXPIRED, "it has expired");
        }
        return Optional.empty();
    }

    private static Optional<Verdict> refused(ReasonCode reason, String detail) {
        return Optional.of(new Verdict.Refused(reason, detail));
    }
}
