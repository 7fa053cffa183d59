/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestClock;
import io.hanse.model.testing.TestSvid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One broken rule per leaf, each refused alone and with its own code. */
final class SvidVerifierLeafTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    private final TestClock clock = new TestClock(NOW);
    private final TestAuthority authority = TestAuthority.of("lubeck.example", clock);
    private final BundleMap bundles = TestAuthority.bundles(authority);
    private final SvidVerifier verifier = new SvidVerifier(clock);

    static Stream<Arguments> mutations() {
        return Stream.of(
                broken("X509-2 no URI", ReasonCode.SPIFFE_ID_MISSING, spec -> spec.uris()),
                broken(
                        "X509-2 a DNS name alone",
                        ReasonCode.SPIFFE_ID_MISSING,
                        spec -> spec.uris().dns("a.example")),
                broken(
                        "X509-2 two SPIFFE IDs",
                        ReasonCode.SPIFFE_ID_AMBIGUOUS,
                        spec -> spec.uris("spiffe://lubeck.example/a", "spiffe://lubeck.example/b")),
                broken(
                        "X509-2 a SPIFFE ID and another URI",
                        ReasonCode.SPIFFE_ID_AMBIGUOUS,
                        spec -> spec.uris("spiffe://lubeck.example/a", "https://lubeck.example/a")),
                broken(
                        "X509-5.2 another scheme",
                        ReasonCode.SPIFFE_ID_SCHEME,
                        spec -> spec.uris("https://lubeck.example/a")),
                broken("ID-2.2 a malformed ID", ReasonCode.SPIFFE_ID_PATH, spec -> spec.uris("spiffe://td/a//b")),
                broken(
                        "ID-2.3b an ID of 2049 bytes",
                        ReasonCode.SPIFFE_ID_TOO_LONG,
                        spec -> spec.uris("spiffe://td/" + "a".repeat(2037))),
                broken("X509-3.1a no path", ReasonCode.SPIFFE_ID_ROOT, spec -> spec.uris("spiffe://lubeck.example")),
                broken("X509-5.2 cA", ReasonCode.CERTIFICATE_IS_AUTHORITY, spec -> spec.authority = Optional.of(true)),
                broken("X509-5.2 keyCertSign", ReasonCode.CERTIFICATE_MAY_SIGN, usage(KeyUsage.keyCertSign)),
                broken("X509-5.2 cRLSign", ReasonCode.CERTIFICATE_MAY_SIGN, usage(KeyUsage.cRLSign)),
                broken(
                        "X509-4.3a no key usage",
                        ReasonCode.CERTIFICATE_KEY_USAGE,
                        spec -> spec.keyUsage = Optional.empty()),
                broken(
                        "X509-4.3a key usage not critical",
                        ReasonCode.CERTIFICATE_KEY_USAGE,
                        spec -> spec.keyUsageCritical = false),
                broken(
                        "X509-4.3b no digitalSignature",
                        ReasonCode.CERTIFICATE_MAY_NOT_AUTHENTICATE,
                        spec -> spec.keyUsage = Optional.of(KeyUsage.keyEncipherment)),
                broken(
                        "X509-4.4 serverAuth alone",
                        ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                        purposes(KeyPurposeId.id_kp_serverAuth)),
                broken(
                        "X509-4.4 clientAuth alone",
                        ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                        purposes(KeyPurposeId.id_kp_clientAuth)),
                broken(
                        "X509-4.4 neither",
                        ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE,
                        purposes(KeyPurposeId.id_kp_codeSigning)),
                broken("X509-5.1 expired", ReasonCode.CERTIFICATE_EXPIRED, spec -> spec.notAfter = NOW.minusSeconds(1)),
                broken(
                        "X509-5.1 not yet valid",
                        ReasonCode.CERTIFICATE_NOT_YET_VALID,
                        spec -> spec.notBefore = NOW.plusSeconds(1)),
                broken(
                        "RSA below 2048 bits",
                        ReasonCode.CERTIFICATE_KEY_WEAK,
                        spec -> spec.keys = TestAuthority.rsaKeys(2047)),
                broken(
                        "X509-5.1 an extension that must be understood and is not",
                        ReasonCode.CERTIFICATE_EXTENSION_UNKNOWN,
                        spec -> spec.extension("1.3.6.1.4.1.99999.1", true, new byte[] {5, 0})),
                broken(
                        "SHA-1",
                        ReasonCode.CERTIFICATE_SIGNATURE_WEAK,
                        spec -> spec.signatureAlgorithm = "SHA1withECDSA"),
                broken("X509-5.1 a signature by another key", ReasonCode.CERTIFICATE_SIGNATURE, spec -> {
                    spec.issuerKeys = TestAuthority.ecKeys("secp256r1");
                    spec.keyIdentifiers = false;
                }),
                broken(
                        "X509-5.1 another issuer",
                        ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                        spec -> spec.issuer = new X500Name("O=Another")));
    }

    private static Arguments broken(String rule, ReasonCode reason, Consumer<CertificateSpec> change) {
        return arguments(rule, reason, change);
    }

    private static Consumer<CertificateSpec> usage(int extra) {
        return spec -> spec.keyUsage = Optional.of(KeyUsage.digitalSignature | extra);
    }

    private static Consumer<CertificateSpec> purposes(KeyPurposeId... purposes) {
        return spec -> spec.extendedKeyUsage = List.of(purposes);
    }

    @ParameterizedTest(name = "refuses {0}")
    @DisplayName("X509-2, 3.1a, 4.3, 4.4, 5.1, 5.2 refuse each broken rule alone")
    @MethodSource("mutations")
    void refuses(String rule, ReasonCode reason, Consumer<CertificateSpec> change) {
        TestSvid svid = authority.svid("/ns/shop/sa/web", change);
        assertThat(verifier.verify(svid.chain(), bundles)).as(rule).satisfies(it -> assertRefused(it, reason));
    }

    @Test
    @DisplayName("X509-5.1 accepts a good leaf and says whose it is and who vouched")
    void accepts() {
        TestSvid svid = authority.svid("/ns/shop/sa/web");
        assertThat(verifier.verify(svid.chain(), bundles))
                .isEqualTo(new Verification.Verified(svid.id(), svid.leaf(), authority.certificate()));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("ID-2.1c, X509-2 reads trust domains that java.net.URI would not")
    @ValueSource(strings = {"my_td.example.org", "cluster.1", "-a-", "a..b", "10.0.0.1"})
    void acceptsOddTrustDomains(String name) {
        TestAuthority odd = TestAuthority.of(name, clock);
        assertVerified(odd.svid("/x"), TestAuthority.bundles(odd));
    }

    @Test
    @DisplayName("X509-2 accepts any number of other names, also ones the JDK cannot read")
    void acceptsOtherNames() {
        assertVerified(
                authority.svid(
                        "/x", spec -> spec.dns("a.example").dns("b.example").dns("c_d.example")),
                bundles);
    }

    @Test
    @DisplayName("X509-3.1b accepts an empty subject with critical names")
    void acceptsEmptySubject() {
        assertVerified(
                authority.svid("/x", spec -> {
                    spec.subject = new X500Name("");
                    spec.namesCritical = true;
                }),
                bundles);
    }

    @Test
    @DisplayName("X509-4.3b accepts keyEncipherment and keyAgreement beside digitalSignature")
    void acceptsOtherKeyUsages() {
        assertVerified(authority.svid("/x", usage(KeyUsage.keyEncipherment | KeyUsage.keyAgreement)), bundles);
    }

    @Test
    @DisplayName("X509-4.1, 4.4 accept a leaf without basic constraints and without extended key usage")
    void acceptsAbsentExtensions() {
        assertVerified(authority.svid("/x", spec -> spec.authority = Optional.empty()), bundles);
        assertVerified(authority.svid("/x", spec -> spec.extendedKeyUsage = List.of()), bundles);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void acceptsNistCurves(String curve) {
        assertVerified(authority.svid("/x", spec -> spec.keys = TestAuthority.ecKeys(curve)), bundles);
    }

    @Test
    void acceptsRsaOf2048Bits() {
        assertVerified(authority.svid("/x", spec -> spec.keys = TestAuthority.rsaKeys(2048)), bundles);
    }

    @Test
    @DisplayName("ID-2.3a accepts an ID of 2048 bytes")
    void acceptsLongestId() {
        String path = "/" + "a".repeat(SpiffeId.MAX_BYTES - "spiffe://lubeck.example/".length());
        assertVerified(authority.svid(path), bundles);
    }

    @Test
    @DisplayName("X509-5.1 holds to the second at both ends of validity")
    void holdsAtBoundaries() {
        TestSvid svid = authority.svid("/x");
        Instant first = svid.leaf().getNotBefore().toInstant();
        Instant last = svid.leaf().getNotAfter().toInstant();
        clock.set(first);
        TestAuthority older = TestAuthority.of("lubeck.example", new TestClock(NOW.minus(Duration.ofHours(1))));
        TestSvid longLived = older.svid("/x", spec -> {
            spec.notBefore = first;
            spec.notAfter = last;
        });
        BundleMap old = TestAuthority.bundles(older);
        assertVerified(longLived, old);
        clock.set(last);
        assertVerified(longLived, old);
        clock.set(last.plusSeconds(1));
        assertRefused(verifier.verify(longLived.chain(), old), ReasonCode.CERTIFICATE_EXPIRED);
        clock.set(first.minusSeconds(1));
        assertRefused(verifier.verify(longLived.chain(), old), ReasonCode.CERTIFICATE_NOT_YET_VALID);
    }

    @Test
    void refusesNoCertificate() {
        assertRefused(verifier.verify(List.of(), bundles), ReasonCode.NO_CLIENT_CERTIFICATE);
    }

    private void assertVerified(TestSvid svid, BundleMap with) {
        assertThat(verifier.verify(svid.chain(), with)).isInstanceOf(Verification.Verified.class);
    }

    static void assertRefused(Verification verification, ReasonCode reason) {
        assertThat(verification).isInstanceOfSatisfying(Verification.Refused.class, refused -> {
            assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
            assertThat(refused.detail()).isNotBlank();
        });
    }
}
