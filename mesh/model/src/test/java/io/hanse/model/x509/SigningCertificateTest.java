/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.CertificateSpec;
import io.hanse.model.testing.TestAuthority;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class SigningCertificateTest {

    private static final TrustDomain TD = new TrustDomain("lubeck.example");

    @Test
    @DisplayName("X509-3.2a accepts a root whose ID is its trust domain")
    void accepts() {
        assertThat(SigningCertificate.refusal(root(spec -> {}), TD)).isEmpty();
        assertThat(SigningCertificate.refusal(root(CertificateSpec::uris), TD)).isEmpty();
        assertThat(SigningCertificate.refusal(root(spec -> spec.uris("https://pki.example/root")), TD))
                .isEmpty();
    }

    @Test
    @DisplayName("X509-3.2a, 4.1, 4.3a, 4.3b refuse each broken rule alone")
    void refuses() {
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://lubeck.example/ca"));
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://lubeck.example/"));
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_ID, spec -> spec.uris("spiffe://bergen.example"));
        assertRefused(
                ReasonCode.CERTIFICATE_AUTHORITY_ID,
                spec -> spec.uris("spiffe://lubeck.example", "spiffe://bergen.example"));
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, spec -> spec.authority = Optional.of(false));
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, spec -> spec.keyUsage = Optional.empty());
        assertRefused(ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, spec -> spec.keyUsageCritical = false);
        assertRefused(
                ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE, spec -> spec.keyUsage = Optional.of(KeyUsage.cRLSign));
        assertRefused(ReasonCode.CERTIFICATE_KEY_WEAK, spec -> {
            spec.keys = TestAuthority.rsaKeys(1024);
            spec.issuerKeys = spec.keys;
            spec.signatureAlgorithm = "SHA256withRSA";
        });
    }

    @Test
    @DisplayName("ID-3.1a reads the trust domain's ID from its signing certificate")
    void readsTheId() {
        assertThat(CertificateIdentity.of(root(spec -> {}))).contains(TD.id());
        assertThat(CertificateIdentity.of(TestAuthority.of("td").svid("/a").leaf()))
                .contains(SpiffeId.parse("spiffe://td/a"));
        assertThat(CertificateIdentity.of(root(CertificateSpec::uris))).isEmpty();
    }

    private static void assertRefused(ReasonCode reason, Consumer<CertificateSpec> change) {
        assertThat(SigningCertificate.refusal(root(change), TD))
                .hasValueSatisfying(refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static X509Certificate root(Consumer<CertificateSpec> change) {
        return TestAuthority.root(TD, InstantSource.system(), change).certificate();
    }
}
