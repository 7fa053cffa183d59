/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.key.Curve;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.svid.JwtParts.Unreadable;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a token is a JWT-SVID (JWT-SVID.md 1 to 3, 6), judged with the JWT keys of the trust domain that its subject
 * names and no other. Pure; any thread.
 *
 * <p>The order: form and header, which cost nothing; the subject, which says whose keys count; the signature; and only
 * then what the claims say.
 */
public final class JwtSvidVerifier {

    /** For clocks that differ a little (JWT-SVID 3.3). */
    static final Duration LEEWAY = Duration.ofSeconds(30);

    /** A day: SPIRE's usual is five minutes, and a token cannot be taken back. */
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Set<JWSAlgorithm> RSA_ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);

    private static final Map<Curve, JWSAlgorithm> EC_ALGORITHMS =
            Map.of(Curve.P_256, JWSAlgorithm.ES256, Curve.P_384, JWSAlgorithm.ES384, Curve.P_521, JWSAlgorithm.ES512);

    /** JWT-SVID 2: nothing else may stand in the header. */
    private static final Set<String> HEADERS = Set.of("alg", "kid", "typ");

    /** JWT-SVID 2.3. */
    private static final Set<String> TYPES = Set.of("JWT", "JOSE");

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
                claims = Collections.unmodifiableMap(new TreeMap<>(claims));
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
        return verify(token, bundles, audience, now, LEEWAY);
    }

    /**
     * The same for one caller whose peers' clocks may differ more.
     *
     * @param leeway by how much clocks may differ
     */
    public static JwtVerification verify(
            String token, BundleMap bundles, String audience, Instant now, Duration leeway) {
        try {
            return judge(token, JwtParts.read(token), bundles, audience, now, leeway);
        } catch (Unreadable e) {
            return new JwtVerification.Refused(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private static JwtVerification judge(
            String token, JwtParts parts, BundleMap bundles, String audience, Instant now, Duration leeway)
            throws Unreadable {
        JWSAlgorithm algorithm = algorithm(parts);
        String keyId = keyId(parts);
        SpiffeId subject = subject(parts);
        Optional<TrustBundle> bundle = bundles.of(subject.trustDomain());
        if (bundle.isEmpty()) {
            throw new Unreadable(ReasonCode.TRUST_DOMAIN_UNKNOWN, "there is no bundle of " + subject.trustDomain());
        }
        PublicKey key = bundle.get().jwtAuthorities().stream()
                .filter(authority -> authority.keyId().equals(keyId))
                .map(JwtAuthority::key)
                .findFirst()
                .orElseThrow(() -> new Unreadable(
                        ReasonCode.TOKEN_KEY_UNKNOWN, "its key is not in the bundle of its trust domain"));
        requireSignature(token, algorithm, key);
        requireAudience(parts, audience);
        requireTimes(parts, now, leeway);
        return new JwtVerification.Genuine(subject, parts.claims());
    }

    private static JWSAlgorithm algorithm(JwtParts parts) throws Unreadable {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(parts.header("alg").orElse("none"));
        if (!RSA_ALGORITHMS.contains(algorithm) && !EC_ALGORITHMS.containsValue(algorithm)) {
            throw new Unreadable(ReasonCode.TOKEN_ALGORITHM, "its algorithm is not one of JWT-SVID 2.1");
        }
        return algorithm;
    }

    private static String keyId(JwtParts parts) throws Unreadable {
        List<String> headers = parts.headers();
        if (!HEADERS.containsAll(headers)) {
            throw new Unreadable(ReasonCode.TOKEN_HEADER, "its header holds more than alg, kid and typ");
        }
        if (headers.contains("typ")
                && parts.header("typ").filter(TYPES::contains).isEmpty()) {
            throw new Unreadable(ReasonCode.TOKEN_TYPE, "its typ is neither JWT nor JOSE");
        }
        return parts.header("kid")
                .filter(kid -> !kid.isEmpty())
                .orElseThrow(() -> new Unreadable(ReasonCode.TOKEN_KEY_MISSING, "it has no kid"));
    }

    private static SpiffeId subject(JwtParts parts) throws Unreadable {
        Optional<String> sub = parts.subject();
        try {
            SpiffeId id = SpiffeId.parse(sub.orElse(""));
            if (!id.isTrustDomainId() && id.toString().equals(sub.orElse(""))) {
                return id;
            }
        } catch (InvalidSpiffeId e) {
            // Falls through.
        }
        throw new Unreadable(ReasonCode.TOKEN_SUBJECT, "its sub is not the SPIFFE ID of a workload (JWT-SVID 3.1)");
    }

    private static void requireSignature(String token, JWSAlgorithm algorithm, PublicKey key) throws Unreadable {
        try {
            if (!fits(algorithm, key)) {
                throw new Unreadable(ReasonCode.TOKEN_KEY_MISMATCH, "its algorithm is not one of its key's");
            }
            if (!JWSObject.parse(token).verify(verifier(key))) {
                throw new Unreadable(ReasonCode.TOKEN_SIGNATURE, "its signature does not verify");
            }
        } catch (JOSEException | ParseException | IllegalArgumentException e) {
            throw new Unreadable(ReasonCode.TOKEN_SIGNATURE, "its signature cannot be read");
        }
    }

    private static boolean fits(JWSAlgorithm algorithm, PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                Curve.of(ec)
                        .filter(curve -> algorithm.equals(EC_ALGORITHMS.get(curve)))
                        .isPresent();
            case RSAPublicKey rsa -> RSA_ALGORITHMS.contains(algorithm);
            default -> false;
        };
    }

    private static JWSVerifier verifier(PublicKey key) throws JOSEException {
        return switch (key) {
            case ECPublicKey ec -> new ECDSAVerifier(ec);
            case RSAPublicKey rsa -> new RSASSAVerifier(rsa);
            default -> throw new JOSEException("a key of another kind");
        };
    }

    private static void requireAudience(JwtParts parts, String audience) throws Unreadable {
        List<String> meantFor = parts.audience();
        if (meantFor.isEmpty()) {
            throw new Unreadable(ReasonCode.TOKEN_AUDIENCE_MISSING, "it has no audience (JWT-SVID 3.2)");
        }
        if (!meantFor.contains(audience)) {
            throw new Unreadable(ReasonCode.TOKEN_AUDIENCE, "it is not meant for " + audience);
        }
    }

    private static void requireTimes(JwtParts parts, Instant now, Duration leeway) throws Unreadable {
        Instant expires = parts.date("exp")
                .orElseThrow(
                        () -> new Unreadable(ReasonCode.TOKEN_EXPIRY_MISSING, "it does not expire (JWT-SVID 3.3)"));
        if (!now.isBefore(expires.plus(leeway))) {
            throw new Unreadable(ReasonCode.TOKEN_EXPIRED, "it has expired");
        }
        if (expires.isAfter(now.plus(LONGEST).plus(leeway))) {
            throw new Unreadable(ReasonCode.TOKEN_LIFETIME, "it is good for longer than " + LONGEST);
        }
        for (String start : List.of("nbf", "iat")) {
            if (parts.date(start).filter(at -> at.isAfter(now.plus(leeway))).isPresent()) {
                throw new Unreadable(ReasonCode.TOKEN_NOT_YET_VALID, "its %s is in the future".formatted(start));
            }
        }
    }
}
