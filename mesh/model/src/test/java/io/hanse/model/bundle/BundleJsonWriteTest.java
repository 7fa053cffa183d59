/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BundleJsonWriteTest {

    private static final TrustDomain TD = new TrustDomain("lubeck.example");

    /** RFC 7517 appendix A.1's EC key, so that the golden text can be checked against the standard. */
    private static final String X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";

    private static final String Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    @Test
    @DisplayName("JWT-6.1, BND-4.2 writes use, kid and the key, and nothing else")
    void writesJwtKeysGolden() throws Exception {
        TrustBundle bundle = new TrustBundle(
                TD,
                List.of(),
                List.of(new JwtAuthority("k1", rfcKey())),
                OptionalLong.of(7),
                Optional.of(Duration.ofMinutes(5)));
        assertThat(text(BundleJson.format(bundle)))
                .isEqualTo(
                        "{\"keys\":[{\"use\":\"jwt-svid\",\"kid\":\"k1\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}],\"spiffe_sequence\":7,\"spiffe_refresh_hint\":300}"
                                .formatted(X, Y));
        assertThat(text(BundleJson.formatJwtKeys(bundle)))
                .isEqualTo(
                        "{\"keys\":[{\"use\":\"jwt-svid\",\"kid\":\"k1\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}"
                                .formatted(X, Y));
    }

    @Test
    @DisplayName("X509-6.1 writes one JWK per authority: use, no kid, exactly one certificate in x5c")
    void writesX509KeysGolden() throws Exception {
        TestAuthority authority = TestAuthority.of("lubeck.example");
        String json = text(BundleJson.format(TrustBundle.ofX509(TD, List.of(authority.certificate()))));
        assertThat(json)
                .matches(
                        "\\{\"keys\":\\[\\{\"use\":\"x509-svid\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"[-_A-Za-z0-9]{43}\","
                                + "\"y\":\"[-_A-Za-z0-9]{43}\",\"x5c\":\\[\"[+/=A-Za-z0-9]+\"]}]}")
                .contains(Base64.getEncoder()
                        .encodeToString(authority.certificate().getEncoded()));
    }

    @Test
    @DisplayName("BND-4.1.3 writes keys also when there are none")
    void writesEmpty() {
        assertThat(text(BundleJson.format(TrustBundle.ofX509(TD, List.of())))).isEqualTo("{\"keys\":[]}");
    }

    @Test
    @DisplayName("BND-4.1.1 writes and reads a sequence of 2^63-1")
    void roundTripsLargestSequence() throws Exception {
        TrustBundle bundle =
                new TrustBundle(TD, List.of(), List.of(), OptionalLong.of(Long.MAX_VALUE), Optional.empty());
        assertThat(text(BundleJson.format(bundle))).contains("9223372036854775807");
        assertThat(BundleJson.parse(TD, BundleJson.format(bundle))).isEqualTo(bundle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1", "rsa2048", "rsa4096"})
    void roundTripsEveryKindOfKey(String kind) throws Exception {
        TestAuthority authority = TestAuthority.of("lubeck.example");
        // Every other P-521 coordinate starts with a zero byte.
        for (int i = 0; i < (kind.startsWith("rsa") ? 1 : 50); i++) {
            KeyPair keys = kind.startsWith("rsa")
                    ? TestAuthority.rsaKeys(Integer.parseInt(kind.substring(3)))
                    : TestAuthority.ecKeys(kind);
            TrustBundle bundle = new TrustBundle(
                    TD,
                    List.of(authority.certificate()),
                    List.of(new JwtAuthority("k", keys.getPublic())),
                    OptionalLong.of(1),
                    Optional.of(Duration.ofMinutes(5)));
            TrustBundle read = BundleJson.parse(TD, BundleJson.format(bundle));
            assertThat(read).isEqualTo(bundle);
            assertThat(BundleJson.format(read)).isEqualTo(BundleJson.format(bundle));
        }
    }

    @Test
    void readsBackTheJwtKeysAlone() throws Exception {
        TrustBundle bundle = TestAuthority.of("lubeck.example").bundle();
        TrustBundle read = BundleJson.parseJwtKeys(TD, BundleJson.formatJwtKeys(bundle));
        assertThat(read.jwtAuthorities()).isEqualTo(bundle.jwtAuthorities());
        assertThat(read.x509Authorities()).isEmpty();
        assertThat(read.sequence()).isEmpty();
    }

    @Test
    void refusesToPublishOtherKeys() throws NoSuchAlgorithmException {
        KeyPair ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThatThrownBy(() -> BundleJson.format(new TrustBundle(
                        TD,
                        List.of(),
                        List.of(new JwtAuthority("k", ed.getPublic())),
                        OptionalLong.empty(),
                        Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ECPublicKey rfcKey() throws Exception {
        byte[] head = Base64.getDecoder().decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE");
        byte[] key = new byte[head.length + 64];
        System.arraycopy(head, 0, key, 0, head.length);
        System.arraycopy(Base64.getUrlDecoder().decode(X), 0, key, head.length, 32);
        System.arraycopy(Base64.getUrlDecoder().decode(Y), 0, key, head.length + 32, 32);
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
