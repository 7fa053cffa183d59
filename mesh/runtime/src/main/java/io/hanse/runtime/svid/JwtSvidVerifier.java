/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a token is a JWT-SVID (JWT-SVID.md 1 to 3, 6), judged with the JWT keys of the trust domain that its subject
 * names and no other. Pure; any thread.
 */
public final class JwtSvidVerifier {

    /** A JWT-SVID with an RSA-4096 signature is below 2 KiB. */
    public static final int MAX_CHARACTERS = 8 << 10;

    /** For clocks that differ a little (JWT-SVID 3.3). */
    static final Duration LEEWAY = Duration.ofSeconds(30);

    /** JWT-SVID 2.1. */
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

    /** JWT-SVID 2: nothing else may stand in the header. */
    private static final Set<String> HEADERS = Set.of("alg", "kid", "typ");

    /** JWT-SVID 2.3. */
    private static final Set<String> TYPES = Set.of("JWT", "JOSE");

    private static final int COMPACT_PARTS = 3;

    private JwtSvidVerifier() {}

    /** What a token proves. */
    public sealed interface JwtVerification {

        /**
         * It is a JWT-SVID of its subject, for this audience, now.
         *
         * @param claims as they stand in the token; dates in seconds since 1970
         */
        record Genuine(SpiffeId subject, Map<String, Object> claims) implements JwtVerification {
            public Genuine {
                claims = java.util.Collections.unmodifiableMap(new TreeMap<>(claims));
            }
        }

        /** Nothing. */
        record Refused(ReasonCode reason, String detail) implements JwtVerification {}
    }

    /**
     * Verifies a token.
     *
     * @param bundles whose keys may vouch, each for its own trust domain
     * @param audience one of the token's audiences must be this
     */
    public static JwtVerification verify(String token, BundleMap bundles, String audience, Instant now) {
        if (token.length() > MAX_CHARACTERS) {
            return new JwtVerification.Refused(ReasonCode.TOKEN_MALFORMED, "it is longer than any JWT-SVID");
        }
        if (token.split("\\.", -1).length != COMPACT_PARTS) {
            return new JwtVerification.Refused(ReasonCode.TOKEN_MALFORMED, "it is not a JWS in compact form");
        }
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            if (!namesAllowedAlgorithm(token)) {
                return new JwtVerification.Refused(
                        ReasonCode.TOKEN_ALGORITHM, "its algorithm is not one of JWT-SVID 2.1");
            }
            jwt = SignedJWT.parse(token);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException e) {
            return new JwtVerification.Refused(ReasonCode.TOKEN_MALFORMED, "it is not a JWS in compact form");
        }
        Optional<JwtVerification> refused = header(jwt.getHeader());
        if (refused.isPresent()) {
            return refused.get();
        }
        SpiffeId subject;
        try {
            subject = SpiffeId.parse(String.valueOf(claims.getSubject()));
        } catch (InvalidSpiffeId e) {
            return new JwtVerification.Refused(ReasonCode.TOKEN_CLAIMS, "its sub is not a SPIFFE ID (JWT-SVID 3.1)");
        }
        Optional<TrustBundle> bundle = bundles.of(subject.trustDomain());
        if (bundle.isEmpty()) {
            return new JwtVerification.Refused(
                    ReasonCode.TRUST_DOMAIN_UNKNOWN, "there is no bundle of " + subject.trustDomain());
        }
        return signed(jwt, bundle.get().jwtAuthorities())
                .or(() -> claims(claims, subject, audience, now))
                .orElseGet(() -> new JwtVerification.Genuine(subject, plain(claims)));
    }

    /** Before anything else is made of the token (JWT-SVID 2.1). */
    private static boolean namesAllowedAlgorithm(String token) throws ParseException {
        String header = new Base64URL(token.substring(0, token.indexOf('.'))).decodeToString();
        return JSONObjectUtils.parse(header).get("alg") instanceof String name
                && ALGORITHMS.contains(JWSAlgorithm.parse(name));
    }

    private static Optional<JwtVerification> header(JWSHeader header) {
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

    private static Optional<JwtVerification> signed(SignedJWT jwt, List<JwtAuthority> authorities) {
        Optional<PublicKey> key = authorities.stream()
                .filter(authority -> authority.keyId().equals(jwt.getHeader().getKeyID()))
                .map(JwtAuthority::key)
                .findFirst();
        if (key.isEmpty()) {
            return refused(ReasonCode.TOKEN_KEY_UNKNOWN, "its key is not in the bundle of its trust domain");
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

    private static Optional<JwtVerification> claims(
            JWTClaimsSet claims, SpiffeId subject, String audience, Instant now) {
        if (subject.isTrustDomainId()) {
            return refused(ReasonCode.TOKEN_CLAIMS, "its sub names no workload");
        }
        if (claims.getAudience().isEmpty()) {
            return refused(ReasonCode.TOKEN_CLAIMS, "it has no audience (JWT-SVID 3.2)");
        }
        if (!claims.getAudience().contains(audience)) {
            return refused(ReasonCode.TOKEN_AUDIENCE, "it is not meant for " + audience);
        }
        if (claims.getExpirationTime() == null) {
            return refused(ReasonCode.TOKEN_CLAIMS, "it does not expire (JWT-SVID 3.3)");
        }
        if (!now.isBefore(claims.getExpirationTime().toInstant().plus(LEEWAY))) {
            return refused(ReasonCode.TOKEN_EXPIRED, "it has expired");
        }
        return Optional.empty();
    }

    private static Map<String, Object> plain(JWTClaimsSet claims) {
        Map<String, Object> plain = new TreeMap<>();
        claims.getClaims().forEach((name, value) -> {
            if (value instanceof Date date) {
                plain.put(name, date.toInstant().getEpochSecond());
            } else if (value != null) {
                plain.put(name, value);
            }
        });
        return plain;
    }

    private static Optional<JwtVerification> refused(ReasonCode reason, String detail) {
        return Optional.of(new JwtVerification.Refused(reason, detail));
    }
}
