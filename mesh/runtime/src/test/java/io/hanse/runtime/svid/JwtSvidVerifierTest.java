/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification.Genuine;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification.Refused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each refusal of JWT-SVID 1 to 3 and 6, and what is taken; ids as in the reference. */
class JwtSvidVerifierTest {

    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final TrustDomain BERGEN = new TrustDomain("bergen.example");
    private static final String SUBJECT = "spiffe://lubeck.example/ns/shop/sa/api";
    private static final String AUDIENCE = "spiffe://bergen.example/ns/hanse-system/sa/trust-bundle-exchange";
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    private final KeyPair p256 = TestAuthority.ecKeys("secp256r1");
    private final KeyPair p384 = TestAuthority.ecKeys("secp384r1");
    private final KeyPair p521 = TestAuthority.ecKeys("secp521r1");
    private final KeyPair rsa = TestAuthority.rsaKeys(2048);
    private final KeyPair bergen = TestAuthority.ecKeys("secp256r1");
    private final BundleMap bundles = BundleMap.empty()
            .with(bundle(
                    LUBECK,
                    new JwtAuthority("p256", p256.getPublic()),
                    new JwtAuthority("p384", p384.getPublic()),
                    new JwtAuthority("p521", p521.getPublic()),
                    new JwtAuthority("rsa", rsa.getPublic())))
            .with(bundle(BERGEN, new JwtAuthority("bergen", bergen.getPublic())));

    private static TrustBundle bundle(TrustDomain domain, JwtAuthority... keys) {
        return new TrustBundle(domain, List.of(), List.of(keys), OptionalLong.empty(), Optional.empty());
    }

    private JwtVerification verify(String token) {
        return JwtSvidVerifier.verify(token, bundles, AUDIENCE, NOW);
    }

    private void refused(ReasonCode reason, String token) {
        assertThat(verify(token)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).isNotBlank();
        });
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject(SUBJECT)
                .audience(AUDIENCE)
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plus(Duration.ofMinutes(5))));
    }

    private static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("p256").type(JOSEObjectType.JWT);
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        JWSObject token = new JWSObject(header, claims.toPayload());
        token.sign(signer);
        return token.serialize();
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        return sign(header().build(), change.apply(claims()).build(), signer(p256));
    }

    private String headed(UnaryOperator<JWSHeader.Builder> change) throws JOSEException {
        return sign(change.apply(header()).build(), claims().build(), signer(p256));
    }

    private static JWSSigner signer(KeyPair keys) throws JOSEException {
        return keys.getPrivate() instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(keys.getPrivate());
    }

    /** A token with any header and body, signed as ES256 whatever it says. */
    private String raw(String header, String body) throws JOSEException {
        Base64URL first = Base64URL.encode(header);
        Base64URL second = Base64URL.encode(body);
        JWSHeader es256 = new JWSHeader(JWSAlgorithm.ES256);
        byte[] input = (first + "." + second).getBytes(StandardCharsets.US_ASCII);
        return first + "." + second + "." + signer(p256).sign(es256, input);
    }

    @Test
    void aTokenOfEachAlgorithmOfTheStandardIsTaken() throws Exception {
        // JWT-2.1
        Map<JWSAlgorithm, String> all = Map.of(
                JWSAlgorithm.ES256, "p256",
                JWSAlgorithm.ES384, "p384",
                JWSAlgorithm.ES512, "p521",
                JWSAlgorithm.RS256, "rsa",
                JWSAlgorithm.RS384, "rsa",
                JWSAlgorithm.RS512, "rsa",
                JWSAlgorithm.PS256, "rsa",
                JWSAlgorithm.PS384, "rsa",
                JWSAlgorithm.PS512, "rsa");
        Map<String, KeyPair> keys = Map.of("p256", p256, "p384", p384, "p521", p521, "rsa", rsa);
        for (var each : all.entrySet()) {
            JWSHeader header =
                    new JWSHeader.Builder(each.getKey()).keyID(each.getValue()).build();
            String token = sign(header, claims().build(), signer(Objects.requireNonNull(keys.get(each.getValue()))));
            assertThat(verify(token))
                    .as(each.getKey().getName())
                    .isInstanceOfSatisfying(
                            Genuine.class,
                            genuine -> assertThat(genuine.subject()).hasToString(SUBJECT));
        }
    }

    @Test
    void claimsComeBackWithDatesInSeconds() throws Exception {
        assertThat(verify(token(claims -> claims.claim("team", "api"))))
                .isInstanceOfSatisfying(
                        Genuine.class,
                        genuine -> assertThat(genuine.claims())
                                .hasEntrySatisfying(
                                        "exp",
                                        exp -> assertThat(exp)
                                                .hasToString(String.valueOf(NOW.plus(Duration.ofMinutes(5))
                                                        .getEpochSecond())))
                                .hasEntrySatisfying(
                                        "iat", iat -> assertThat(iat).hasToString(String.valueOf(NOW.getEpochSecond())))
                                .containsEntry("team", "api"));
    }

    @Test
    void onlyCompactSerializationIsTaken() throws Exception {
        // JWT-1
        String good = token(claims -> claims);
        List<String> parts = List.of(good.split("\\."));
        String json = "{\"payload\":\"%s\",\"protected\":\"%s\",\"signature\":\"%s\"}"
                .formatted(parts.get(1), parts.get(0), parts.get(2));
        String jwe = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.AA.AA.AA.AA";
        for (String odd : List.of("", "a", json, jwe, parts.get(0) + "." + parts.get(1), good + ".AA", ".." + good)) {
            refused(ReasonCode.TOKEN_MALFORMED, odd);
        }
        refused(ReasonCode.TOKEN_MALFORMED, "%s.%s.%s".formatted("####", parts.get(1), parts.get(2)));
        refused(ReasonCode.TOKEN_MALFORMED, raw("{\"alg\":\"ES256\",\"kid\":\"p256\"}", "not json"));
    }

    @Test
    void aTokenLongerThanAnyIsNotLookedAt() throws Exception {
        refused(ReasonCode.TOKEN_TOO_LARGE, token(claims -> claims.claim("x", "x".repeat(JwtParts.MAX_CHARACTERS))));
    }

    @Test
    void aHeaderWithAnythingMoreIsRefused() throws Exception {
        // JWT-2
        refused(ReasonCode.TOKEN_HEADER, headed(header -> header.jwkURL(URI.create("https://evil.example/keys"))));
        refused(ReasonCode.TOKEN_HEADER, headed(header -> header.x509CertURL(URI.create("https://evil.example/x5u"))));
        refused(
                ReasonCode.TOKEN_HEADER,
                headed(header -> header.jwk(new ECKey.Builder(Curve.P_256, (ECPublicKey) p256.getPublic()).build())));
        refused(ReasonCode.TOKEN_HEADER, headed(header -> header.customParam("hello", "world")));
        refused(ReasonCode.TOKEN_HEADER, headed(header -> header.contentType("JWT")));
        refused(
                ReasonCode.TOKEN_HEADER,
                raw(
                        "{\"alg\":\"ES256\",\"kid\":\"p256\",\"crit\":[\"exp\"],\"exp\":1}",
                        claims().build().toString()));
    }

    @Test
    void anyOtherAlgorithmIsRefusedBeforeAnythingElse() throws Exception {
        // JWT-2.1: also the classic one, a MAC keyed with the public key.
        byte[] secret = p256.getPublic().getEncoded();
        JWSHeader hs256 =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("p256").build();
        refused(ReasonCode.TOKEN_ALGORITHM, sign(hs256, claims().build(), new MACSigner(secret)));
        String body = claims().build().toString();
        for (String algorithm : List.of("none", "HS512", "EdDSA", "ES256K", "es256", "RSA-OAEP", "")) {
            refused(ReasonCode.TOKEN_ALGORITHM, raw("{\"alg\":\"%s\",\"kid\":\"p256\"}".formatted(algorithm), body));
        }
        refused(ReasonCode.TOKEN_ALGORITHM, raw("{\"kid\":\"p256\"}", body));
        String unsigned = Base64URL.encode("{\"alg\":\"none\"}") + "." + Base64URL.encode(body) + ".";
        refused(ReasonCode.TOKEN_ALGORITHM, unsigned);
    }

    @Test
    void anAlgorithmThatDoesNotFitTheKeyIsRefused() throws Exception {
        // JWT-2.1
        JWSHeader rs256 =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("p256").build();
        refused(ReasonCode.TOKEN_KEY_MISMATCH, sign(rs256, claims().build(), signer(rsa)));
        JWSHeader es384 =
                new JWSHeader.Builder(JWSAlgorithm.ES384).keyID("p256").build();
        refused(ReasonCode.TOKEN_KEY_MISMATCH, sign(es384, claims().build(), signer(p384)));
        JWSHeader es256 = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("rsa").build();
        refused(ReasonCode.TOKEN_KEY_MISMATCH, sign(es256, claims().build(), signer(p256)));
    }

    @Test
    void aKeyIdIsRequiredAndMustBeKnown() throws Exception {
        // JWT-2.2
        refused(ReasonCode.TOKEN_KEY_MISSING, headed(header -> header.keyID(null)));
        refused(ReasonCode.TOKEN_KEY_MISSING, headed(header -> header.keyID("")));
        refused(ReasonCode.TOKEN_KEY_UNKNOWN, headed(header -> header.keyID("p257")));
        refused(ReasonCode.TOKEN_KEY_MISMATCH, headed(header -> header.keyID("rsa")));
    }

    @Test
    void theTypeIsAbsentOrOneOfTwo() throws Exception {
        // JWT-2.3
        assertThat(verify(headed(header -> header.type(null)))).isInstanceOf(Genuine.class);
        assertThat(verify(headed(header -> header.type(JOSEObjectType.JOSE)))).isInstanceOf(Genuine.class);
        refused(ReasonCode.TOKEN_TYPE, headed(header -> header.type(new JOSEObjectType("wit+jwt"))));
    }

    @Test
    void theSubjectIsAWorkloadOfTheTrustDomainWhoseKeySigned() throws Exception {
        // JWT-3.1
        refused(ReasonCode.TOKEN_SUBJECT, token(claims -> claims.subject(null)));
        refused(ReasonCode.TOKEN_SUBJECT, token(claims -> claims.subject("")));
        refused(ReasonCode.TOKEN_SUBJECT, token(claims -> claims.subject("https://lubeck.example/api")));
        refused(ReasonCode.TOKEN_SUBJECT, token(claims -> claims.subject("spiffe://lubeck.example/a/../b")));
        refused(ReasonCode.TOKEN_SUBJECT, token(claims -> claims.subject("spiffe://lubeck.example")));
        refused(
                ReasonCode.TRUST_DOMAIN_UNKNOWN,
                token(claims -> claims.subject("spiffe://visby.example/ns/shop/sa/api")));
        // bergen's key, which is known here, says nothing about lubeck; and the other way round.
        JWSHeader header = header().keyID("bergen").build();
        refused(ReasonCode.TOKEN_KEY_UNKNOWN, sign(header, claims().build(), signer(bergen)));
        refused(
                ReasonCode.TOKEN_KEY_UNKNOWN,
                token(claims -> claims.subject("spiffe://bergen.example/ns/shop/sa/api")));
    }

    @Test
    void oneOfTheAudiencesIsOurs() throws Exception {
        // JWT-3.2
        assertThat(verify(token(claims -> claims.audience(List.of("other", AUDIENCE)))))
                .isInstanceOf(Genuine.class);
        refused(ReasonCode.TOKEN_AUDIENCE_MISSING, token(claims -> claims.audience((String) null)));
        refused(ReasonCode.TOKEN_AUDIENCE_MISSING, token(claims -> claims.audience(new ArrayList<>())));
        refused(ReasonCode.TOKEN_AUDIENCE, token(claims -> claims.audience("other")));
        refused(ReasonCode.TOKEN_AUDIENCE, token(claims -> claims.audience(AUDIENCE + "/")));
    }

    @Test
    void itExpiresAndHasNot() throws Exception {
        // JWT-3.3
        refused(ReasonCode.TOKEN_EXPIRY_MISSING, token(claims -> claims.expirationTime(null)));
        Instant limit = NOW.minus(JwtSvidVerifier.LEEWAY);
        refused(ReasonCode.TOKEN_EXPIRED, token(claims -> claims.expirationTime(Date.from(limit))));
        assertThat(verify(token(claims -> claims.expirationTime(Date.from(limit.plusSeconds(1))))))
                .isInstanceOf(Genuine.class);
        refused(
                ReasonCode.TOKEN_CLAIMS,
                raw(
                        "{\"alg\":\"ES256\",\"kid\":\"p256\"}",
                        "{\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":\"soon\"}".formatted(SUBJECT, AUDIENCE)));
    }

    @Test
    void aTrustDomainWithoutJwtKeysVouchesForNoToken() throws Exception {
        // JWT-6.2
        BundleMap none = BundleMap.empty().with(bundle(LUBECK));
        assertThat(JwtSvidVerifier.verify(token(claims -> claims), none, AUDIENCE, NOW))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(ReasonCode.TOKEN_KEY_UNKNOWN));
    }

    @Test
    void aChangedTokenIsRefused() throws Exception {
        String good = token(claims -> claims);
        List<String> parts = List.of(good.split("\\."));
        String body = claims().subject("spiffe://lubeck.example/ns/shop/sa/admin")
                .build()
                .toString();
        refused(ReasonCode.TOKEN_SIGNATURE, parts.get(0) + "." + Base64URL.encode(body) + "." + parts.get(2));
        refused(ReasonCode.TOKEN_SIGNATURE, parts.get(0) + "." + parts.get(1) + ".");
        // "Psychic signatures": r = s = 0.
        refused(ReasonCode.TOKEN_SIGNATURE, parts.get(0) + "." + parts.get(1) + "." + Base64URL.encode(new byte[64]));
    }

    @Test
    void aRefusalDoesNotRepeatTheToken() throws Exception {
        String good = token(claims -> claims.audience("other"));
        assertThat(verify(good).toString()).doesNotContain(good.substring(good.lastIndexOf('.') + 1));
    }
}
