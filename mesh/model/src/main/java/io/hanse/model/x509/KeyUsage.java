/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import java.security.cert.X509Certificate;

/** The key usage extension (RFC 5280 4.2.1.3): which bit stands where, and whether it must be understood. */
final class KeyUsage {

    static final int DIGITAL_SIGNATURE = 0;
    static final int KEY_CERT_SIGN = 5;
    static final int CRL_SIGN = 6;

    private static final String OID = "2.5.29.15";

    private KeyUsage() {}

    static boolean has(X509Certificate certificate, int bit) {
        boolean[] bits = certificate.getKeyUsage();
        return bits != null && bit < bits.length && bits[bit];
    }

    /** X509-SVID 4.3: present and critical on every SVID. */
    static boolean isCritical(X509Certificate certificate) {
        return certificate.getKeyUsage() != null
                && certificate.getCriticalExtensionOIDs() != null
                && certificate.getCriticalExtensionOIDs().contains(OID);
    }
}
