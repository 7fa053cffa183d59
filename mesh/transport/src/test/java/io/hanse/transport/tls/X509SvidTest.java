/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class X509SvidTest {

    private final TestAuthority authority = TestAuthority.of("lubeck.example", InstantSource.system());
    private final TestSvid made = authority.intermediate().svid("/ns/shop/sa/web");

    @Test
    void fileFormReadsBackWhole() throws MalformedSvid {
        X509Svid svid = X509Svid.of(made.chain(), made.key());

        X509Svid read = X509Svid.ofPem(svid.toPem());

        assertThat(read.id()).isEqualTo(made.id());
        assertThat(read.chain()).isEqualTo(made.chain());
        assertThat(read.key().getEncoded()).isEqualTo(made.key().getEncoded());
        assertThat(read.expiresAt()).isBeforeOrEqualTo(made.leaf().getNotAfter().toInstant());
    }

    @Test
    void showsNothingOfItsKeyAsText() throws MalformedSvid {
        assertThat(X509Svid.of(made.chain(), made.key())).hasToString("X509Svid");
    }

    @Test
    void keyOfAnotherLeafIsRefused() {
        assertThatThrownBy(() -> X509Svid.of(made.chain(), KeyPairs.generate().getPrivate()))
                .isInstanceOf(MalformedSvid.class)
                .hasMessageContaining("not the leaf's");
    }

    @Test
    @DisplayName("X509-3.1a refuses a leaf that names the trust domain itself")
    void signingCertificateIsNoSvid() {
        TestSvid root = authority.asSvid();
        assertThatThrownBy(() -> X509Svid.of(root.chain(), root.key())).isInstanceOf(MalformedSvid.class);
    }

    @Test
    void truncatedFileIsRefused() throws MalformedSvid {
        String whole = new String(X509Svid.of(made.chain(), made.key()).toPem(), StandardCharsets.US_ASCII);
        byte[] cut = whole.substring(0, whole.length() - 40).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> X509Svid.ofPem(cut)).isInstanceOf(MalformedSvid.class);
        assertThatThrownBy(() -> X509Svid.ofPem(new byte[0])).isInstanceOf(MalformedSvid.class);
    }

    @Test
    void authorityKeyIdIsTheIssuersSubjectKeyId() throws Exception {
        X509Svid svid = X509Svid.of(made.chain(), made.key());
        byte[] issuer = made.chain().get(1).getExtensionValue("2.5.29.14");
        String hex = java.util.HexFormat.of().formatHex(issuer);
        assertThat(svid.authorityKeyIds()).hasSize(2);
        assertThat(hex).endsWith(svid.authorityKeyIds().getFirst());
    }
}
