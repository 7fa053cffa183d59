/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.testing.TestSvid;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forger shows in a handshake.
 *
 * @param chain in DER, leaf first; nobody has checked that it is DER
 * @param posing the public key that the forger's own TLS stack is told, so that it plays along
 * @param key what it signs the handshake with
 * @param bundles what the door trusts at that moment
 */
record Shown(List<Der> chain, PublicKey posing, PrivateKey key, BundleMap bundles) {

    /** Bytes that claim to be a certificate. */
    record Der(List<Byte> content) {

        static Der of(byte[] bytes) {
            List<Byte> content = new ArrayList<>(bytes.length);
            for (byte each : bytes) {
                content.add(each);
            }
            return new Der(content);
        }

        byte[] bytes() {
            byte[] bytes = new byte[content.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = content.get(i);
            }
            return bytes;
        }
    }

    static Shown of(TestSvid svid, BundleMap bundles) {
        return of(svid.chain(), svid.key(), bundles);
    }

    static Shown of(List<X509Certificate> chain, PrivateKey key, BundleMap bundles) {
        return new Shown(
                chain.stream().map(each -> Der.of(encoded(each))).toList(),
                chain.getFirst().getPublicKey(),
                key,
                bundles);
    }

    /** The same with other bytes in the leaf's place. */
    Shown withLeaf(byte[] der) {
        List<Der> other = new ArrayList<>(chain);
        other.set(0, Der.of(der));
        return new Shown(other, posing, key, bundles);
    }

    Shown trustedBy(BundleMap others) {
        return new Shown(chain, posing, key, others);
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
