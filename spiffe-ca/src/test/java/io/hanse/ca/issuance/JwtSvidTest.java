/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.hanse.ca.attest.Refusal;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.profile.JwtSvidToken;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.svid.JwtSvidVerifier;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification;
import io.hanse.runtime.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class JwtSvidTest {

    private static final SpiffeId ID = new SpiffeId(TestCa.TRUST_DOMAIN, "/ns/shop/sa/web");

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();
    private TestCa ca;

    @BeforeEach
    void open() {
        ca = TestCa.open(directory, clock);
    }

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    @DisplayName("JWT-1 JWT-2 JWT-2.1 JWT-2.2 JWT-2.3 compact, header exactly alg kid typ")
    void header() {
        String token = mint("spiffe://bergen.example/ns/shop/sa/api");
        String kid = ca.authorities.signer(AuthorityKind.JWT).keyId();
        assertThat(token.split("\\.", -1)).hasSize(3);
        assertThat(part(token, 0)).isEqualTo("{\"kid\":\"" + kid + "\",\"typ\":\"JWT\",\"alg\":\"ES256\"}");
    }

    @Test
    @DisplayName("JWT-3.1 JWT-3.2 JWT-3.3 claims exactly sub aud exp iat, times in whole seconds")
    void claims() throws Exception {
        var claims = Json.mapper().readTree(part(mint("audience"), 1));
        List<String> names = new ArrayList<>();
        claims.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyInAnyOrder("sub", "aud", "exp", "iat");
        assertThat(claims.get("sub").textValue()).isEqualTo(ID.toString());
        assertThat(claims.get("aud").textValue()).isEqualTo("audience");
        assertThat(claims.get("iat").isIntegralNumber()).isTrue();
        assertThat(claims.get("exp").longValue() - claims.get("iat").longValue())
                .isEqualTo(TestCa.JWT.toSeconds());
    }

    @Test
    void severalAudiencesAreAnArray() throws Exception {
        String token = ca.issuer.mintJwt(ID, List.of("a", "b"), "test");
        assertThat(Json.mapper().readTree(part(token, 1)).get("aud").isArray()).isTrue();
    }

    @Test
    @DisplayName("JWT-6.1 a token verifies with the bundle's key of its kid")
    void verifies() throws Exception {
        String token = mint("a");
        JwtAuthority published =
                ca.authorities.image().bundle().jwtAuthorities().getFirst();
        SignedJWT parsed = SignedJWT.parse(token);
        assertThat(parsed.getHeader().getKeyID()).isEqualTo(published.keyId());
        assertThat(parsed.verify(new ECDSAVerifier((ECPublicKey) published.key())))
                .isTrue();
    }

    @Test
    void aTokenNeverOutlivesItsAuthority() throws Exception {
        clock.advance(TestCa.LIFETIME.minusMinutes(2));
        assertThat(SignedJWT.parse(mint("a"))
                        .getJWTClaimsSet()
                        .getExpirationTime()
                        .toInstant())
                .isEqualTo(TestCa.START.plus(TestCa.LIFETIME));
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyKindOfKeySignsItsAlgorithm(KeyKind kind, @TempDir Path elsewhere) throws Exception {
        try (TestCa other = TestCa.open(elsewhere, clock, TestCa.settings(KeyKind.EC_P256, kind))) {
            String token = other.issuer.mintJwt(ID, List.of("a"), "test");
            assertThat(SignedJWT.parse(token).getHeader().getAlgorithm().getName())
                    .isEqualTo(kind.jwsAlgorithm());
            JwtAuthority published =
                    other.authorities.image().bundle().jwtAuthorities().getFirst();
            assertThat(JwtSvidToken.verifies(token, published.keyId(), published.key()))
                    .isTrue();
            assertThat(JwtSvidToken.verifies(token, "other", published.key())).isFalse();
            assertThat(JwtSvidToken.verifies(
                            mint("a"), ca.authorities.signer(AuthorityKind.JWT).keyId(), published.key()))
                    .isFalse();
        }
    }

    @Test
    @DisplayName("JWT-3.2 refuses no audience, an empty one, one too many, one too long, one twice")
    void audiencesAreBounded() {
        assertThat(Issuer.judge(Collections.nCopies(1, "a"))).isEmpty();
        assertThat(Issuer.judge(List.of("a".repeat(Issuer.MAX_AUDIENCE_CHARACTERS))))
                .isEmpty();
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of(""),
                List.of(" "),
                List.of("a\nb"),
                List.of("a", "a"),
                List.of("1", "2", "3", "4", "5", "6", "7", "8", "9"),
                List.of("a".repeat(Issuer.MAX_AUDIENCE_CHARACTERS + 1)))) {
            assertThat(Issuer.judge(wrong))
                    .hasValueSatisfying(
                            refusal -> assertThat(refusal.code()).isEqualTo(Refusal.Code.AUDIENCE_MALFORMED));
            assertThatThrownBy(() -> ca.issuer.mintJwt(ID, wrong, "test")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theLongestTokenIsOneThatOurOwnVerifierReads(@TempDir Path elsewhere) {
        SpiffeId longest = new SpiffeId(
                TestCa.TRUST_DOMAIN,
                "/"
                        + "a"
                                .repeat(SpiffeId.MAX_BYTES
                                        - ID.trustDomain().id().toString().length()
                                        - 1));
        List<String> most = List.of("\u00e9\u2028\"<".repeat(150), "b".repeat(100), "c".repeat(20));
        int room = Issuer.MAX_AUDIENCE_BYTES - JwtSvidToken.audienceBytes(most);
        List<String> full = List.of(most.get(0), most.get(1) + "b".repeat(room), most.get(2));
        assertThat(JwtSvidToken.audienceBytes(full)).isEqualTo(Issuer.MAX_AUDIENCE_BYTES);
        try (TestCa other = TestCa.open(elsewhere, clock, TestCa.settings(KeyKind.EC_P256, KeyKind.RSA_4096))) {
            String token = other.issuer.mintJwt(longest, full, "test");
            BundleMap bundles = BundleMap.empty().with(other.authorities.image().bundle());
            assertThat(JwtSvidVerifier.verify(token, bundles, most.get(2), clock.instant()))
                    .isInstanceOf(JwtVerification.Genuine.class);
            assertThat(Issuer.judge(List.of(full.get(0), full.get(1) + "b", full.get(2))))
                    .hasValueSatisfying(refusal -> assertThat(refusal.detail()).contains("3073 bytes"));
        }
    }

    @Test
    void tokensAreInTheJournalByHashNotByContent() {
        String token = mint("a");
        var entry = ca.journal.recent(1).getFirst();
        assertThat(entry.id()).isEqualTo(ID);
        assertThat(entry.serial()).hasSize(16);
        assertThat(token).doesNotContain(entry.serial());
    }

    private String mint(String audience) {
        return ca.issuer.mintJwt(ID, List.of(audience), "test");
    }

    private static String part(String token, int index) {
        return new String(Base64.getUrlDecoder().decode(parts(token).get(index)), StandardCharsets.UTF_8);
    }

    private static List<String> parts(String token) {
        return List.of(token.split("\\.", -1));
    }
}
