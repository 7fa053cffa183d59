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
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BundleJsonReadTest {

    private static final TrustDomain TD = new TrustDomain("lubeck.example");
    private static final String POINT =
            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";

    private final X509Certificate one = TestAuthority.of("lubeck.example").certificate();
    private final X509Certificate two = TestAuthority.of("lubeck.example").certificate();

    @Test
    @DisplayName("BND-3, 4.1 reads both kinds of key, sequence and hint, under the name it is told")
    void readsAll() throws Exception {
        TrustBundle bundle = parse(
                "{\"keys\":[%s,%s],\"spiffe_sequence\":12,\"spiffe_refresh_hint\":60}".formatted(x509(one), jwt("k1")));
        assertThat(bundle.trustDomain()).isEqualTo(TD);
        assertThat(bundle.x509Authorities()).containsExactly(one);
        assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::keyId).containsExactly("k1");
        assertThat(bundle.sequence()).hasValue(12);
        assertThat(bundle.refreshHint()).contains(Duration.ofSeconds(60));
    }

    @Test
    @DisplayName("BND-4.1 ignores unknown members at the top and in keys, nested ones too")
    void ignoresUnknownMembers() throws Exception {
        TrustBundle bundle = parse(
                "{\"a\":{\"keys\":[1]},\"b\":[[{}]],\"keys\":[{\"alg\":\"ES256\",\"x5t\":\"z\",\"o\":{\"kid\":\"no\"},%s}],\"c\":null,\"d\":1.5e3}"
                        .formatted(jwt("k1").substring(1, jwt("k1").length() - 1)));
        assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::keyId).containsExactly("k1");
        assertThat(bundle.sequence()).isEmpty();
        assertThat(bundle.refreshHint()).isEmpty();
    }

    @Test
    @DisplayName("BND-4.1.3 keys may be empty, which revokes; only unknown keys revoke too")
    void readsEmpty() throws Exception {
        assertThat(parse("{\"keys\":[]}").x509Authorities()).isEmpty();
        TrustBundle unknown = parse("{\"keys\":[{\"kty\":\"OKP\",\"use\":\"x509-svid\"}]}");
        assertThat(unknown.x509Authorities()).isEmpty();
        assertThat(unknown.jwtAuthorities()).isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("BND-4.2.1 skips a key of unknown, absent or wrongly typed kty, and that key only")
    @ValueSource(
            strings = {"\"kty\":\"OKP\",", "\"kty\":\"AKP\",", "\"kty\":\"oct\",", "\"kty\":\"ec\",", "\"kty\":1,", ""})
    void skipsUnknownTypes(String kty) throws Exception {
        TrustBundle bundle = parse(
                "{\"keys\":[{%s\"use\":\"jwt-svid\",\"kid\":\"bad\",\"crv\":\"Ed25519\",\"x\":\"AA\"},{%s\"use\":\"x509-svid\",\"x5c\":[\"%s\"]},%s]}"
                        .formatted(kty, kty, base64(two), x509(one)));
        assertThat(bundle.jwtAuthorities()).isEmpty();
        assertThat(bundle.x509Authorities()).containsExactly(one);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("BND-4.2.2, JWT-6.2 skip a key whose use is unknown, absent or in another case")
    @ValueSource(
            strings = {
                "\"use\":\"X509-SVID\",",
                "\"use\":\"JWT-SVID\",",
                "\"use\":\"sig\",",
                "\"use\":\"wit-svid\",",
                "",
                "\"use\":null,",
                "\"use\":[\"jwt-svid\"],"
            })
    void skipsUnknownUses(String use) throws Exception {
        TrustBundle bundle = parse("{\"keys\":[{%s\"kid\":\"k\",%s,\"x5c\":[\"%s\"]},%s]}"
                .formatted(use, POINT, base64(two), jwt("good")));
        assertThat(bundle.x509Authorities()).isEmpty();
        assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::keyId).containsExactly("good");
        assertThat(BundleJson.parseJwtKeys(
                                TD,
                                "{\"keys\":[{%s\"kid\":\"k\",%s}]}"
                                        .formatted(use, POINT)
                                        .getBytes(StandardCharsets.UTF_8))
                        .jwtAuthorities())
                .isEmpty();
    }

    @Test
    @DisplayName("X509-6.2 skips an entry without x5c or with an empty one")
    void skipsAbsentCertificates() throws Exception {
        TrustBundle bundle = parse("{\"keys\":[{\"use\":\"x509-svid\",%s},{\"use\":\"x509-svid\",%s,\"x5c\":[]},%s]}"
                .formatted(POINT, POINT, x509(one)));
        assertThat(bundle.x509Authorities()).containsExactly(one);
    }

    @Test
    @DisplayName("X509-6.2 uses the first certificate of x5c only")
    void usesFirstCertificate() throws Exception {
        TrustBundle bundle = parse("{\"keys\":[{\"use\":\"x509-svid\",%s,\"x5c\":[\"%s\",\"%s\"]}]}"
                .formatted(POINT, base64(one), base64(two)));
        assertThat(bundle.x509Authorities()).containsExactly(one);
    }

    @Test
    @DisplayName("X509-6.2 a certificate given twice counts once")
    void countsTwinsOnce() throws Exception {
        assertThat(parse("{\"keys\":[%s,%s]}".formatted(x509(one), x509(one))).x509Authorities())
                .containsExactly(one);
    }

    @Test
    @DisplayName("JWT-6 skips a JWT key without kid, on another curve, or too weak")
    void skipsUnusableJwtKeys() throws Exception {
        String weak = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {
            (byte) 0xff,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            14,
            15,
            16,
            17,
            18,
            19,
            20,
            21,
            22,
            23,
            24,
            25,
            26,
            27,
            28,
            29,
            30,
            31,
            32,
            33,
            34,
            35,
            36,
            37,
            38,
            39,
            40,
            41,
            42,
            43,
            44,
            45,
            46,
            47,
            48,
            49,
            50,
            51,
            52,
            53,
            54,
            55,
            56,
            57,
            58,
            59,
            60,
            61,
            62,
            63,
            65
        });
        TrustBundle bundle = parse(
                "{\"keys\":[{\"use\":\"jwt-svid\",%s},{\"use\":\"jwt-svid\",\"kid\":\"\",%s},{\"use\":\"jwt-svid\",\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"},{\"use\":\"jwt-svid\",\"kid\":\"r\",\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}]}"
                        .formatted(POINT, POINT, weak));
        assertThat(bundle.jwtAuthorities()).isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("BND-4.1, 4.1.3 refuse what is no JWK set, or has no keys")
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":\"\"}",
                "{\"keys\":[1]}",
                "{\"keys\":[[]]}",
                "{\"keys\":[null]}",
                "{\"keys\":[]",
                "{\"keys\":[{",
                "{\"keys\":[]}x",
                "{\"keys\":[]}{\"keys\":[]}",
                "{'keys':[]}",
                "{\"keys\":[],}",
                "{\"Keys\":[]}",
                "{\"keys\":[]//c\n}"
            })
    void refusesMalformed(String json) {
        assertMalformed(json);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("BND-5.1.1 refuses repeated members, at the top, in a key and in what it ignores")
    @ValueSource(
            strings = {
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[],\"spiffe_sequence\":1,\"spiffe_sequence\":2}",
                "{\"keys\":[{\"use\":\"jwt-svid\",\"use\":\"x509-svid\"}]}",
                "{\"keys\":[],\"a\":{\"b\":1,\"b\":2}}",
                "{\"keys\":[],\"ke\\u0079s\":[]}"
            })
    void refusesDuplicates(String json) {
        assertMalformed(json);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("BND-4.1.1, 4.1.2 refuse a sequence or hint that is no integer of 63 bits")
    @ValueSource(strings = {"-1", "9223372036854775808", "1.0", "1e3", "\"1\"", "null", "[1]", "true"})
    void refusesNumbers(String number) {
        assertMalformed("{\"keys\":[],\"spiffe_sequence\":%s}".formatted(number));
        assertMalformed("{\"keys\":[],\"spiffe_refresh_hint\":%s}".formatted(number));
    }

    @Test
    @DisplayName("BND-4.1.2 a hint of zero is none; 300 is five minutes")
    void readsHints() throws Exception {
        assertThat(parse("{\"keys\":[],\"spiffe_refresh_hint\":0}").refreshHint())
                .isEmpty();
        assertThat(parse("{\"keys\":[],\"spiffe_refresh_hint\":300}").refreshHint())
                .contains(Duration.ofMinutes(5));
    }

    @Test
    @DisplayName("X509-6.2 refuses a certificate that cannot be read, rather than revoke by accident")
    void refusesBadCertificates() throws Exception {
        for (String bad : new String[] {
            "AAAA",
            "!",
            base64(one).substring(4),
            base64(one) + "AAAA",
            Base64.getEncoder()
                    .encodeToString(("-----BEGIN CERTIFICATE-----\n" + base64(one) + "\n-----END CERTIFICATE-----\n")
                            .getBytes(StandardCharsets.US_ASCII))
        }) {
            assertMalformed("{\"keys\":[{\"use\":\"x509-svid\",%s,\"x5c\":[\"%s\"]}]}".formatted(POINT, bad));
        }
    }

    @Test
    @DisplayName("JWT-6 refuses a key off its curve, of the wrong size or in no Base64, and a kid used twice")
    void refusesBadJwtKeys() {
        String x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
        for (String y : new String[] {x, "AA", "", "****", "A".repeat(43)}) {
            assertMalformed(
                    "{\"keys\":[{\"use\":\"jwt-svid\",\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}"
                            .formatted(x, y));
        }
        assertMalformed("{\"keys\":[%s,%s]}".formatted(jwt("k"), jwt("k")));
        assertMalformed("{\"keys\":[{\"use\":\"jwt-svid\",\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}]}");
    }

    @Test
    void boundsBytesDepthAndKeys() throws Exception {
        String padding = " ".repeat(BundleJson.MAX_BYTES - "{\"keys\":[]}".length());
        assertThat(parse("{\"keys\":[]" + padding + "}").x509Authorities()).isEmpty();
        assertMalformed("{\"keys\":[] " + padding + "}");
        assertMalformed("{\"keys\":[],\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}");
        assertThat(parse(manyKeys(BundleJson.MAX_KEYS)).jwtAuthorities()).hasSize(BundleJson.MAX_KEYS);
        assertMalformed(manyKeys(BundleJson.MAX_KEYS + 1));
    }

    @Test
    void refusesOtherEncodings() {
        assertThatThrownBy(() -> BundleJson.parse(TD, "{\"keys\":[]}".getBytes(StandardCharsets.UTF_16BE)))
                .isInstanceOf(MalformedBundle.class);
        assertThatThrownBy(() -> BundleJson.parse(TD, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
                .isInstanceOf(MalformedBundle.class);
    }

    private static String manyKeys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> jwt("k" + i))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static void assertMalformed(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(MalformedBundle.class)
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("null"));
    }

    private static TrustBundle parse(String json) throws MalformedBundle {
        return BundleJson.parse(TD, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String jwt(String kid) {
        return "{\"use\":\"jwt-svid\",\"kid\":\"%s\",%s}".formatted(kid, POINT);
    }

    private static String x509(X509Certificate certificate) throws CertificateEncodingException {
        return "{\"use\":\"x509-svid\",%s,\"x5c\":[\"%s\"]}".formatted(POINT, base64(certificate));
    }

    private static String base64(X509Certificate certificate) throws CertificateEncodingException {
        return Base64.getEncoder().encodeToString(certificate.getEncoded());
    }
}
