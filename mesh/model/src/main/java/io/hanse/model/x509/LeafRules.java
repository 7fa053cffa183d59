/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.key.AcceptedKeys;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold of a leaf before any signature is looked at (X509-SVID 5.2 and what it refers to). */
final class LeafRules {

    private static final int NO_AUTHORITY = -1;
    /** id-kp-serverAuth and id-kp-clientAuth. */
    private static final Set<String> BOTH_SIDES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    private LeafRules() {}

    /** Why {@code leaf}, which names {@code id}, is not an SVID at {@code now}; empty if nothing is wrong with it. */
    static Optional<Refused> refusal(X509Certificate leaf, SpiffeId id, Instant now) {
        if (leaf.getBasicConstraints() != NO_AUTHORITY) {
            return refused(ReasonCode.CERTIFICATE_IS_AUTHORITY, "the leaf has cA");
        }
        if (id.isTrustDomainId()) {
            return refused(ReasonCode.SPIFFE_ID_ROOT, id + " has no path");
        }
        if (KeyUsage.has(leaf, KeyUsage.KEY_CERT_SIGN) || KeyUsage.has(leaf, KeyUsage.CRL_SIGN)) {
            return refused(ReasonCode.CERTIFICATE_MAY_SIGN, "the leaf has keyCertSign or cRLSign");
        }
        if (!KeyUsage.isCritical(leaf)) {
            return refused(ReasonCode.CERTIFICATE_KEY_USAGE, "the leaf's key usage is absent or not critical");
        }
        if (!KeyUsage.has(leaf, KeyUsage.DIGITAL_SIGNATURE)) {
            return refused(ReasonCode.CERTIFICATE_MAY_NOT_AUTHENTICATE, "the leaf lacks digitalSignature");
        }
        if (!servesBothSides(leaf)) {
            return refused(
                    ReasonCode.CERTIFICATE_EXTENDED_KEY_USAGE, "the leaf's extended key usage is not for both sides");
        }
        if (!AcceptedKeys.accepts(leaf.getPublicKey())) {
            return refused(ReasonCode.CERTIFICATE_KEY_WEAK, "the leaf's key is not " + AcceptedKeys.LAW);
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            return refused(
                    ReasonCode.CERTIFICATE_NOT_YET_VALID,
                    "the leaf is valid from " + leaf.getNotBefore().toInstant() + ", the clock says " + now);
        }
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            return refused(
                    ReasonCode.CERTIFICATE_EXPIRED,
                    "the leaf was valid until " + leaf.getNotAfter().toInstant() + ", the clock says " + now);
        }
        return Optional.empty();
    }

    private static boolean servesBothSides(X509Certificate leaf) {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            return purposes == null || purposes.containsAll(BOTH_SIDES);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Optional<Refused> refused(ReasonCode reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
