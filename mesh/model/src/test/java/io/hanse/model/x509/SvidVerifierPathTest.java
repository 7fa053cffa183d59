/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import static io.hanse.model.x509.SvidVerifierLeafTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestClock;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.model.x509.Verification.Verified;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class SvidVerifierPathTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");

    private final TestClock clock = new TestClock(NOW);
    private final TestAuthority lubeck = TestAuthority.of("lubeck.example", clock);
    private final TestAuthority bergen = TestAuthority.of("bergen.example", clock);
    private final BundleMap both = TestAuthority.bundles(lubeck, bergen);
    private final SvidVerifier verifier = new SvidVerifier(clock);

    @Test
    @DisplayName("WL-4.6, BND-3 refuses an ID that another trusted trust domain's root vouches for")
    void neverPoolsRoots() {
        TestSvid forged = lubeck.svid(SpiffeId.parse("spiffe://bergen.example/ns/shop/sa/web"));
        assertRefused(verifier.verify(forged.chain(), both), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @Test
    @DisplayName("WL-4.6 refuses a root of another trust domain under the same name and keys id")
    void neverTakesSameNamedRoot() {
        TestAuthority impostor =
                TestAuthority.root(LUBECK, clock, spec -> spec.subject = spec.issuer = subjectOf(lubeck.certificate()));
        TestSvid forged = impostor.svid("/x", spec -> spec.keyIdentifiers = false);
        assertRefused(verifier.verify(forged.chain(), both), ReasonCode.CERTIFICATE_SIGNATURE);
    }

    @Test
    @DisplayName("WL-4.6 refuses a trust domain without a bundle")
    void refusesUnknownTrustDomain() {
        TestAuthority visby = TestAuthority.of("visby.example", clock);
        assertRefused(verifier.verify(visby.svid("/x").chain(), both), ReasonCode.TRUST_DOMAIN_UNKNOWN);
        assertRefused(verifier.verify(lubeck.svid("/x").chain(), BundleMap.empty()), ReasonCode.TRUST_DOMAIN_UNKNOWN);
    }

    @Test
    @DisplayName("BND-3 swapped bundles make everything fail")
    void refusesSwappedBundles() {
        BundleMap swapped = BundleMap.empty()
                .with(TrustBundle.ofX509(LUBECK, List.of(bergen.certificate())))
                .with(TrustBundle.ofX509(bergen.trustDomain(), List.of(lubeck.certificate())));
        assertRefused(verifier.verify(lubeck.svid("/x").chain(), swapped), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
        assertRefused(verifier.verify(bergen.svid("/x").chain(), swapped), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @Test
    @DisplayName("BND-4.1.3 an empty bundle revokes everything")
    void refusesUnderEmptyBundle() {
        BundleMap empty = BundleMap.empty().with(TrustBundle.ofX509(LUBECK, List.of()));
        assertRefused(verifier.verify(lubeck.svid("/x").chain(), empty), ReasonCode.BUNDLE_EMPTY);
    }

    @Test
    @DisplayName("X509-3.2b refuses signing certificates as peers")
    void refusesAuthoritiesAsPeers() {
        assertRefused(verifier.verify(lubeck.asSvid().chain(), both), ReasonCode.CERTIFICATE_IS_AUTHORITY);
        TestAuthority withPath = lubeck.intermediate(spec -> spec.uris("spiffe://lubeck.example/ca"));
        assertRefused(verifier.verify(withPath.asSvid().chain(), both), ReasonCode.CERTIFICATE_IS_AUTHORITY);
    }

    @Test
    @DisplayName("X509-5.1 accepts intermediates, in any order, with the root, with others between")
    void acceptsIntermediates() {
        TestSvid deep = lubeck.intermediate().intermediate().svid("/x");
        assertVerified(deep.chain(), both);
        List<X509Certificate> shuffled = new ArrayList<>(List.of(deep.leaf(), lubeck.certificate()));
        shuffled.addAll(deep.chain().subList(1, deep.chain().size()).reversed());
        shuffled.add(bergen.certificate());
        assertVerified(shuffled, both);
    }

    @Test
    @DisplayName("X509-5.1 refuses a chain with its intermediate left out")
    void refusesMissingIntermediate() {
        TestSvid deep = lubeck.intermediate().intermediate().svid("/x");
        assertRefused(
                verifier.verify(List.of(deep.leaf(), deep.chain().get(2)), both), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @Test
    @DisplayName("X509-3.2a, 4.1, 4.3b refuse intermediates that may not sign, each alone")
    void refusesBadIntermediates() {
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, spec -> spec.authority = Optional.of(false));
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, spec -> spec.authority = Optional.empty());
        assertBadIntermediate(
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, spec -> spec.keyUsage = Optional.of(KeyUsage.cRLSign));
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, spec -> spec.keyUsage = Optional.empty());
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://lubeck.example/ca"));
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://bergen.example"));
        assertBadIntermediate(ReasonCode.CERTIFICATE_AUTHORITY_EXPIRED, spec -> spec.notAfter = NOW.minusSeconds(1));
        assertBadIntermediate(
                ReasonCode.CERTIFICATE_AUTHORITY_NOT_YET_VALID, spec -> spec.notBefore = NOW.plusSeconds(1));
        assertBadIntermediate(ReasonCode.CERTIFICATE_SIGNATURE_WEAK, spec -> spec.signatureAlgorithm = "SHA1withECDSA");
    }

    private void assertBadIntermediate(ReasonCode reason, Consumer<CertificateSpec> change) {
        assertRefused(verifier.verify(lubeck.intermediate(change).svid("/x").chain(), both), reason);
    }

    @Test
    @DisplayName("X509-3.2a, 4.1 refuse authorities of the bundle that may not sign, or no longer")
    void refusesBadRoots() {
        assertBadRoot(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, spec -> spec.authority = Optional.of(false));
        assertBadRoot(
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                spec -> spec.keyUsage = Optional.of(KeyUsage.digitalSignature));
        assertBadRoot(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://lubeck.example/root"));
        assertBadRoot(ReasonCode.CERTIFICATE_AUTHORITY_EXPIRED, spec -> spec.notAfter = NOW.minusSeconds(1));
        assertBadRoot(ReasonCode.CERTIFICATE_AUTHORITY_NOT_YET_VALID, spec -> spec.notBefore = NOW.plusSeconds(1));
    }

    private void assertBadRoot(ReasonCode reason, Consumer<CertificateSpec> change) {
        TestAuthority bad = TestAuthority.root(LUBECK, clock, change);
        assertRefused(verifier.verify(bad.svid("/x").chain(), TestAuthority.bundles(bad)), reason);
    }

    @Test
    @DisplayName("X509-4.3b accepts a foreign root with digitalSignature and without a SPIFFE ID")
    void acceptsUpstreamRoot() {
        TestAuthority upstream = TestAuthority.root(LUBECK, clock, spec -> {
            spec.keyUsage = Optional.of(KeyUsage.keyCertSign | KeyUsage.digitalSignature);
            spec.keyUsageCritical = false;
            spec.uris();
        });
        assertVerified(upstream.svid("/x").chain(), TestAuthority.bundles(upstream));
    }

    @Test
    @DisplayName("X509-4.1 refuses a path longer than pathLenConstraint, of intermediate and of root")
    void holdsPathLength() {
        TestAuthority tight = lubeck.intermediate(spec -> spec.pathLength = Optional.of(0));
        assertVerified(tight.svid("/x").chain(), both);
        assertRefused(
                verifier.verify(tight.intermediate().svid("/x").chain(), both), ReasonCode.CERTIFICATE_PATH_TOO_LONG);
        TestAuthority root = TestAuthority.root(LUBECK, clock, spec -> spec.pathLength = Optional.of(0));
        BundleMap bundles = TestAuthority.bundles(root);
        assertVerified(root.svid("/x").chain(), bundles);
        assertRefused(
                verifier.verify(root.intermediate().svid("/x").chain(), bundles), ReasonCode.CERTIFICATE_PATH_TOO_LONG);
    }

    @Test
    @DisplayName("X509-4.2 holds URI name constraints of an intermediate and of the anchor")
    void holdsNameConstraints() {
        TestAuthority constrained = lubeck.intermediate(constrainedTo("bergen.example"));
        assertRefused(verifier.verify(constrained.svid("/x").chain(), both), ReasonCode.CERTIFICATE_NAME_CONSTRAINT);
        assertVerified(
                lubeck.intermediate(constrainedTo("lubeck.example")).svid("/x").chain(), both);
        TestAuthority root = TestAuthority.root(LUBECK, clock, constrainedTo("bergen.example"));
        assertRefused(
                verifier.verify(root.svid("/x").chain(), TestAuthority.bundles(root)),
                ReasonCode.CERTIFICATE_NAME_CONSTRAINT);
        TestAuthority good = TestAuthority.root(LUBECK, clock, constrainedTo("lubeck.example"));
        assertVerified(good.svid("/x").chain(), TestAuthority.bundles(good));
    }

    @Test
    @DisplayName("X509-5.1 refuses where the JDK throws instead of judging")
    void refusesWhatTheJdkCannotJudge() {
        TestAuthority odd = TestAuthority.root(new TrustDomain("my_td"), clock, spec -> {});
        TestSvid svid = odd.intermediate(constrainedTo("lubeck.example")).svid("/x");
        assertRefused(verifier.verify(svid.chain(), TestAuthority.bundles(odd)), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @Test
    @DisplayName("X509-5.1 finds the right one among authorities with the same subject")
    void findsAmongSameSubject() {
        X500Name name = new X500Name("O=Hanse,CN=one name for all");
        List<TestAuthority> authorities = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            authorities.add(TestAuthority.root(LUBECK, clock, spec -> {
                spec.subject = spec.issuer = name;
                spec.keyIdentifiers = false;
            }));
        }
        BundleMap bundles = BundleMap.empty()
                .with(TrustBundle.ofX509(
                        LUBECK,
                        authorities.stream().map(TestAuthority::certificate).toList()));
        for (TestAuthority authority : authorities) {
            assertThat(verifier.verify(
                            authority
                                    .svid("/x", spec -> spec.keyIdentifiers = false)
                                    .chain(),
                            bundles))
                    .isInstanceOfSatisfying(
                            Verification.Verified.class,
                            it -> assertThat(it.authority()).isEqualTo(authority.certificate()));
        }
    }

    @Test
    void tellsManyAuthoritiesOfOneSubjectApartByKeyIdentifier() {
        X500Name name = new X500Name("O=Hanse,CN=one name for all");
        List<TestAuthority> authorities = new ArrayList<>();
        for (int i = 0; i < 3 * PathSearch.MAX_PATHS; i++) {
            authorities.add(TestAuthority.root(LUBECK, clock, spec -> spec.subject = spec.issuer = name));
        }
        BundleMap bundles = BundleMap.empty()
                .with(TrustBundle.ofX509(
                        LUBECK,
                        authorities.stream().map(TestAuthority::certificate).toList()));
        assertVerified(authorities.getLast().svid("/x").chain(), bundles);
    }

    @Test
    void boundsCountAndSizeOfChains() {
        TestSvid svid = lubeck.svid("/x");
        List<X509Certificate> longest = new ArrayList<>(svid.chain());
        for (int i = 0; i < SvidVerifier.MAX_INTERMEDIATES; i++) {
            longest.add(bergen.intermediate().certificate());
        }
        assertVerified(longest, both);
        longest.add(bergen.certificate());
        assertRefused(verifier.verify(longest, both), ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE);
        TestSvid heavy = lubeck.svid(
                "/x", spec -> spec.extension("1.3.6.1.4.1.99999.1", false, new byte[SvidVerifier.MAX_CHAIN_BYTES]));
        assertRefused(verifier.verify(heavy.chain(), both), ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE);
    }

    @Test
    void asksTheProviderItIsTold() {
        TestSvid svid = lubeck.svid("/x");
        assertThat(new SvidVerifier(clock, "SunEC").verify(svid.chain(), both))
                .isInstanceOf(Verification.Verified.class);
        assertRefused(
                new SvidVerifier(clock, "NoSuchProvider").verify(svid.chain(), both),
                ReasonCode.CERTIFICATE_CHAIN_BROKEN);
    }

    @Test
    @DisplayName("FED-4.1 an SVID outlives its authority's place in the bundle by nothing")
    void refusesOnceTheAuthorityIsGone() {
        TestAuthority next = TestAuthority.of("lubeck.example", clock);
        TestSvid svid = lubeck.svid("/x");
        BundleMap during =
                BundleMap.empty().with(TrustBundle.ofX509(LUBECK, List.of(lubeck.certificate(), next.certificate())));
        assertVerified(svid.chain(), during);
        assertVerified(next.svid("/x").chain(), during);
        BundleMap after = BundleMap.empty().with(TrustBundle.ofX509(LUBECK, List.of(next.certificate())));
        assertRefused(verifier.verify(svid.chain(), after), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
        clock.advance(Duration.ofMinutes(30));
        assertVerified(next.svid("/x").chain(), after);
    }

    @Test
    @DisplayName("X509-5.2 a chain that proved good before is judged anew by time and bundle")
    void remembersSignaturesAlone() throws CertificateException {
        TestAuthority intermediate = lubeck.intermediate();
        TestSvid svid = intermediate.svid("/x");
        assertVerified(svid.chain(), both);
        assertVerified(parsedAgain(svid.chain()), both);
        assertRefused(verifier.verify(svid.chain(), TestAuthority.bundles(bergen)), ReasonCode.TRUST_DOMAIN_UNKNOWN);
        assertRefused(verifier.verify(List.of(svid.leaf()), both), ReasonCode.CERTIFICATE_CHAIN_BROKEN);
        TestAuthority sameName =
                TestAuthority.root(LUBECK, clock, spec -> spec.subject = spec.issuer = subjectOf(lubeck.certificate()));
        BundleMap swapped = BundleMap.empty().with(TrustBundle.ofX509(LUBECK, List.of(sameName.certificate())));
        assertThat(verifier.verify(svid.chain(), swapped)).isInstanceOf(Refused.class);
        byte[] altered = svid.leaf().getEncoded();
        altered[altered.length - 1] ^= 1;
        List<X509Certificate> forged = new ArrayList<>(svid.chain());
        forged.set(0, parsed(altered));
        assertRefused(verifier.verify(forged, both), ReasonCode.CERTIFICATE_SIGNATURE);
        clock.advance(
                Duration.between(NOW, svid.leaf().getNotAfter().toInstant()).plusSeconds(1));
        assertRefused(verifier.verify(svid.chain(), both), ReasonCode.CERTIFICATE_EXPIRED);
        assertThat(verifier.verify(svid.chain(), both, NOW)).isInstanceOf(Verified.class);
    }

    @Test
    void remembersABoundedNumberOfPaths() throws CertificateException {
        ProvenPaths proven = new ProvenPaths();
        TestSvid svid = lubeck.svid("/x");
        List<X509Certificate> path = new ArrayList<>();
        for (int i = 0; i < ProvenPaths.MAX_PATHS + 10; i++) {
            path.add(svid.leaf());
            proven.add(new PathSearch.Path(List.copyOf(path), lubeck.certificate()));
        }
        assertThat(proven.size()).isEqualTo(ProvenPaths.MAX_PATHS);
        assertThat(proven.contains(new PathSearch.Path(path, lubeck.certificate())))
                .isTrue();
        assertThat(proven.contains(new PathSearch.Path(List.of(svid.leaf()), lubeck.certificate())))
                .isFalse();
    }

    private static List<X509Certificate> parsedAgain(List<X509Certificate> chain) throws CertificateException {
        List<X509Certificate> again = new ArrayList<>();
        for (X509Certificate each : chain) {
            again.add(parsed(each.getEncoded()));
        }
        return again;
    }

    private static X509Certificate parsed(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static Consumer<CertificateSpec> constrainedTo(String host) {
        return spec -> {
            try {
                byte[] value = new NameConstraints(
                                new GeneralSubtree[] {
                                    new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host))
                                },
                                null)
                        .getEncoded();
                spec.extension(Extension.nameConstraints.getId(), true, value);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static X500Name subjectOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private void assertVerified(List<X509Certificate> chain, BundleMap bundles) {
        assertThat(verifier.verify(chain, bundles)).isInstanceOf(Verification.Verified.class);
    }
}
