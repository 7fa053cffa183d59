/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The law for certificates that sign SVIDs (X509-SVID 3.2, 4.1, 4.3). */
@SuppressWarnings("DoNotCallSuggester")
public final class SigningCertificate {

    private SigningCertificate() {}

    /**
     * Why {@code certificate} may not be an authority of {@code trustDomain}; empty if it may. Checks {@code cA},
     * {@code keyCertSign}, the kind of key, and that an ID, if there is one, is the trust domain's own. Does not look at
     * the clock or at signatures.
     */
    public static Optional<Verification.Refused> refusal(X509Certificate certificate, TrustDomain trustDomain) {
        throw new UnsupportedOperationException();
    }
}
