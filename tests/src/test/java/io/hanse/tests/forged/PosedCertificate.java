/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Any bytes in a certificate's clothes: the JDK asks it for its encoding and for a public key, and for nothing else. */
@SuppressWarnings("deprecation") // the superclass's own words
final class PosedCertificate extends X509Certificate {

    private static final long serialVersionUID = 1L;

    private final byte[] encoded;
    private final PublicKey key;

    PosedCertificate(byte[] encoded, PublicKey key) {
        this.encoded = encoded.clone();
        this.key = key;
    }

    @Override
    public byte[] getEncoded() {
        return encoded.clone();
    }

    @Override
    public PublicKey getPublicKey() {
        return key;
    }

    @Override
    public void checkValidity() {}

    @Override
    public void checkValidity(Date date) {}

    @Override
    public int getVersion() {
        return 3;
    }

    @Override
    public BigInteger getSerialNumber() {
        return BigInteger.ONE;
    }

    @Override
    public Principal getIssuerDN() {
        return () -> "forged";
    }

    @Override
    public Principal getSubjectDN() {
        return () -> "forged";
    }

    @Override
    public Date getNotBefore() {
        return Date.from(Instant.EPOCH);
    }

    @Override
    public Date getNotAfter() {
        return Date.from(Instant.EPOCH);
    }

    @Override
    public byte[] getTBSCertificate() {
        return new byte[0];
    }

    @Override
    public byte[] getSignature() {
        return new byte[0];
    }

    @Override
    public String getSigAlgName() {
        return "SHA256withECDSA";
    }

    @Override
    public String getSigAlgOID() {
        return "1.2.840.10045.4.3.2";
    }

    @Override
    public byte @Nullable [] getSigAlgParams() {
        return null;
    }

    @Override
    public boolean @Nullable [] getIssuerUniqueID() {
        return null;
    }

    @Override
    public boolean @Nullable [] getSubjectUniqueID() {
        return null;
    }

    @Override
    public boolean @Nullable [] getKeyUsage() {
        return null;
    }

    @Override
    public int getBasicConstraints() {
        return -1;
    }

    @Override
    public void verify(PublicKey issuer) {}

    @Override
    public void verify(PublicKey issuer, String provider) {}

    @Override
    public String toString() {
        return "forged";
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return false;
    }

    @Override
    public @Nullable Set<String> getCriticalExtensionOIDs() {
        return null;
    }

    @Override
    public @Nullable Set<String> getNonCriticalExtensionOIDs() {
        return null;
    }

    @Override
    public byte @Nullable [] getExtensionValue(String oid) {
        return null;
    }
}
