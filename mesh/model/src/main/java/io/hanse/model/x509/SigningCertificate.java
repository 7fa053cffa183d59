/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.key.AcceptedKeys;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.CertificateIdentity.Reading;
import io.hanse.model.x509.Verification.Refused;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The law for certificates that sign SVIDs (X509-SVID 3.2, 4.1, 4.3). */
public final class SigningCertificate {

    private static final int NO_AUTHORITY = -1;

    private SigningCertificate() {}

    /**
     * Why {@code certificate} may not be an authority of {@code trustDomain}; empty if it may. Checks {@code cA},
     * {@code keyCertSign}, the kind of key, and that an ID, if there is one, is the trust domain's own. Does not look at
     * the clock or at signatures.
     *
     * <p>A certificate without a SPIFFE ID is taken, as upstream PKIs make them; it then need not mark its key usage
     * critical, which X509-SVID 4.3 asks of SVIDs only.
     */
    public static Optional<Refused> refusal(X509Certificate certificate, TrustDomain trustDomain) {
        if (certificate.getBasicConstraints() == NO_AUTHORITY) {
            return refused(ReasonCode.CERTIFICATE_AUTHORITY_INVALID, "a signing certificate lacks cA (X509-SVID 4.1)");
        }
        if (!KeyUsage.has(certificate, KeyUsage.KEY_CERT_SIGN)) {
            return refused(
                    ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                    "a signing certificate lacks keyCertSign (X509-SVID 4.3)");
        }
        if (!AcceptedKeys.accepts(certificate.getPublicKey())) {
            return refused(ReasonCode.CERTIFICATE_KEY_WEAK, "a signing key is not " + AcceptedKeys.LAW);
        }
        return switch (CertificateIdentity.read(certificate)) {
            case Reading.Named named -> ofId(certificate, named, trustDomain);
            case Reading.Nameless nameless -> ofNameless(nameless);
        };
    }

    private static Optional<Refused> ofId(X509Certificate certificate, Reading.Named named, TrustDomain trustDomain) {
        if (!named.id().isTrustDomainId()) {
            return foreign("a signing certificate's SPIFFE ID has a path (X509-SVID 3.2)");
        }
        if (!named.id().trustDomain().equals(trustDomain)) {
            return foreign("a signing certificate of %s is used for %s"
                    .formatted(named.id().trustDomain(), trustDomain));
        }
        if (!KeyUsage.isCritical(certificate)) {
            return refused(
                    ReasonCode.CERTIFICATE_AUTHORITY_KEY_USAGE,
                    "a signing certificate's key usage is not critical (X509-SVID 4.3)");
        }
        return Optional.empty();
    }

    private static Optional<Refused> ofNameless(Reading.Nameless nameless) {
        boolean noSpiffeId =
                nameless.reason() == ReasonCode.SPIFFE_ID_MISSING || nameless.reason() == ReasonCode.SPIFFE_ID_SCHEME;
        return noSpiffeId ? Optional.empty() : foreign("a signing certificate: " + nameless.detail());
    }

    private static Optional<Refused> foreign(String detail) {
        return refused(ReasonCode.CERTIFICATE_AUTHORITY_ID, detail);
    }

    private static Optional<Refused> refused(ReasonCode reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
