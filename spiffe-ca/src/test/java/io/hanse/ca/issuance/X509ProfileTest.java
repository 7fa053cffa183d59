/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.keys.SigningKey;
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.Lifetime;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import io.hanse.runtime.time.ManualClock;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class X509ProfileTest {

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int URI = 6;

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
    @DisplayName("X509-2 a leaf has exactly one URI name and no other name")
    void oneUri() throws Exception {
        assertThat(leaf().getSubjectAlternativeNames())
                .singleElement()
                .isEqualTo(List.of(URI, "spiffe://lubeck.example/ns/shop/sa/web"));
    }

    @Test
    @DisplayName("X509-3.1a an ID without a path is never issued")
    void noRootPath() {
        assertThatThrownBy(() -> ca.issue("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("X509-3.1b the subject is empty and the SAN critical")
    void emptySubjectCriticalSan() {
        X509Certificate leaf = leaf();
        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getCriticalExtensionOIDs()).contains(Extension.subjectAlternativeName.getId());
    }

    @Test
    @DisplayName("X509-3.2a ID-3.1a the authority is cA with keyCertSign and its ID is exactly spiffe://td")
    void authorityIsAnSvidOfTheTrustDomain() throws Exception {
        X509Certificate authority = authority();
        assertThat(authority.getBasicConstraints()).isGreaterThanOrEqualTo(0);
        assertThat(authority.getSubjectAlternativeNames())
                .singleElement()
                .isEqualTo(List.of(URI, "spiffe://lubeck.example"));
        authority.verify(authority.getPublicKey());
    }

    @Test
    @DisplayName("X509-4.1 basic constraints are critical: cA true on the authority, false on the leaf")
    void basicConstraints() {
        assertThat(leaf().getBasicConstraints()).isNegative();
        assertThat(authority().getCriticalExtensionOIDs()).contains(Extension.basicConstraints.getId());
    }

    @Test
    @DisplayName(
            "X509-4.3a X509-4.3b key usage is critical: digitalSignature alone on leaves, keyCertSign and cRLSign on authorities")
    void keyUsage() {
        assertThat(leaf().getCriticalExtensionOIDs()).contains(Extension.keyUsage.getId());
        assertThat(set(leaf().getKeyUsage())).containsExactly(DIGITAL_SIGNATURE);
        assertThat(authority().getCriticalExtensionOIDs()).contains(Extension.keyUsage.getId());
        assertThat(set(authority().getKeyUsage())).containsExactly(KEY_CERT_SIGN, CRL_SIGN);
    }

    @Test
    @DisplayName("X509-4.4 a leaf is for server and client authentication; an authority has no extended key usage")
    void extendedKeyUsage() throws Exception {
        assertThat(leaf().getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(authority().getExtendedKeyUsage()).isNull();
    }

    @Test
    @DisplayName("X509-5.2 every leaf verifies with the bundle, by the path peers use")
    void verifies() {
        Verification seen = new SvidVerifier(clock)
                .verify(
                        ca.issue("/ns/shop/sa/web").chain(),
                        BundleMap.empty().with(ca.authorities.image().bundle()));
        assertThat(seen)
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        verified -> assertThat(verified.id().path()).isEqualTo("/ns/shop/sa/web"));
    }

    @Test
    @DisplayName("X509-6.1 JWT-6.1 the bundle shows one self-signed certificate per authority, and JWT keys with kid")
    void bundleDocument() throws Exception {
        ca.authorities.prepare(AuthorityKind.X509);
        String json = new String(BundleJson.format(ca.authorities.image().bundle()), StandardCharsets.UTF_8);

        assertThat(json.split("\"x509-svid\"", -1)).hasSize(3);
        assertThat(json.split("\"jwt-svid\"", -1)).hasSize(2);
        assertThat(BundleJson.parse(TestCa.TRUST_DOMAIN, json.getBytes(StandardCharsets.UTF_8))
                        .hasSameKeysAs(ca.authorities.image().bundle()))
                .isTrue();
    }

    @Test
    @DisplayName("ID-2.3b an ID of 2048 bytes is issued, one of 2049 refused")
    void longestId() {
        String path = "/" + "a".repeat(SpiffeId.MAX_BYTES - "spiffe://lubeck.example/".length());
        assertThat(ca.issue(path).chain()).hasSize(1);
        assertThatThrownBy(() -> ca.issue(path + "a")).isInstanceOf(InvalidSpiffeId.class);
    }

    @Test
    void anIdOfAnotherTrustDomainIsNeverIssued() {
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, TestCa.CRYPTO);
        SpiffeId foreign = SpiffeId.parse("spiffe://bergen.example/ns/shop/sa/web");
        assertThatThrownBy(() -> ca.issuer.prepare(new SvidRequest(foreign, key.publicKey(), Duration.ZERO, "test")))
                .hasMessageContaining("bergen.example");
    }

    @Test
    void leavesNameTheirIssuerByKeyIdAndHaveOneOfTheirOwn() throws Exception {
        X509CertificateHolder leaf = new X509CertificateHolder(leaf().getEncoded());
        X509CertificateHolder authority = new X509CertificateHolder(authority().getEncoded());
        byte[] ski = keyId(authority, Extension.subjectKeyIdentifier);
        assertThat(keyId(leaf, Extension.authorityKeyIdentifier)).endsWith(Arrays.copyOfRange(ski, 2, 22));
        assertThat(leaf.getExtension(Extension.subjectKeyIdentifier)).isNotNull();
        assertThat(HexFormat.of().formatHex(ski))
                .endsWith(ca.authorities.signer(AuthorityKind.X509).keyId());
    }

    @Test
    void eachAuthorityHasASubjectOfItsOwn() {
        ca.authorities.prepare(AuthorityKind.X509);
        assertThat(ca.authorities.image().bundle().x509Authorities())
                .extracting(X509Certificate::getSubjectX500Principal)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void validityBeginsTenSecondsAgoAndEndsAfterTheUsualTime() {
        X509Certificate leaf = leaf();
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(TestCa.START.minusSeconds(10));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(TestCa.START.plus(TestCa.SVID));
    }

    @Test
    void aShorterLifeCanBeAskedForALongerIsCut() {
        assertThat(end(ca.issue("/a", Duration.ofMinutes(5)))).isEqualTo(TestCa.START.plus(Duration.ofMinutes(5)));
        assertThat(end(ca.issue("/a", Duration.ofDays(1)))).isEqualTo(TestCa.START.plus(TestCa.SVID));
        assertThat(end(ca.issue("/a", Duration.ofSeconds(-1)))).isEqualTo(TestCa.START.plus(TestCa.SVID));
    }

    @Test
    void aLeafNeverOutlivesItsAuthority() {
        clock.advance(TestCa.LIFETIME.minusMinutes(20));
        assertThat(end(ca.issue("/a"))).isEqualTo(TestCa.START.plus(TestCa.LIFETIME));
    }

    @Test
    void serialsArePositiveLongAndDifferent() {
        List<BigInteger> serials = Stream.generate(() -> Certificates.randomSerial(ca.random))
                .limit(200)
                .toList();
        assertThat(serials).doesNotHaveDuplicates().allSatisfy(serial -> {
            assertThat(serial.signum()).isPositive();
            assertThat(serial.bitLength()).isBetween(100, 159);
        });
    }

    @Test
    void timesFrom2050AreGeneralizedBeforeUtc() throws Exception {
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, TestCa.CRYPTO);
        X509CertificateHolder holder = new X509CertificateHolder(Certificates.authority(
                        TestCa.TRUST_DOMAIN,
                        key,
                        new Lifetime(Instant.parse("2049-12-31T23:59:59Z"), Instant.parse("2050-01-01T00:00:00Z")),
                        Certificates.randomSerial(ca.random))
                .getEncoded());
        assertThat(holder.toASN1Structure().getStartDate().toASN1Primitive()).isInstanceOf(ASN1UTCTime.class);
        assertThat(holder.toASN1Structure().getEndDate().toASN1Primitive()).isInstanceOf(ASN1GeneralizedTime.class);
    }

    @Test
    void aPreparedSvidWorksOnceAndOnlyWhereItWasMade(@TempDir Path elsewhere) {
        SigningKey key = SigningKey.generate(KeyKind.EC_P256, TestCa.CRYPTO);
        SvidRequest request =
                new SvidRequest(new SpiffeId(TestCa.TRUST_DOMAIN, "/a"), key.publicKey(), Duration.ZERO, "test");
        Issuer.PreparedSvid prepared = ca.issuer.prepare(request);
        ca.issuer.issue(prepared);
        assertThatThrownBy(() -> ca.issuer.issue(prepared)).isInstanceOf(IllegalStateException.class);
        try (TestCa other = TestCa.open(elsewhere, clock)) {
            Issuer.PreparedSvid foreign = other.issuer.prepare(request);
            assertThatThrownBy(() -> ca.issuer.issue(foreign)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void rootsComeWithEveryAnswerPreparedOnesIncluded() {
        ca.authorities.prepare(AuthorityKind.X509);
        assertThat(ca.issue("/a").roots()).hasSize(2);
    }

    @Test
    void aForcedActivationSignsWithTheNewKey() {
        ca.authorities.prepare(AuthorityKind.X509);
        ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        X509Certificate newest =
                ca.authorities.image().bundle().x509Authorities().get(1);
        assertThat(leaf().getIssuerX500Principal()).isEqualTo(newest.getSubjectX500Principal());
    }

    private X509Certificate leaf() {
        return ca.issue("/ns/shop/sa/web").chain().getFirst();
    }

    private X509Certificate authority() {
        return ca.authorities.signer(AuthorityKind.X509).x509Certificate();
    }

    private static Instant end(IssuedSvid svid) {
        return svid.chain().getFirst().getNotAfter().toInstant();
    }

    private static byte[] keyId(X509CertificateHolder holder, ASN1ObjectIdentifier oid) {
        return holder.getExtension(oid).getExtnValue().getOctets();
    }

    private static List<Integer> set(boolean[] bits) {
        return IntStream.range(0, bits.length).filter(i -> bits[i]).boxed().toList();
    }
}
