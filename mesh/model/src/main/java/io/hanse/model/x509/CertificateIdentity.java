/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Reads the SPIFFE ID that a certificate carries. It proves nothing: that takes {@link SvidVerifier}. */
@SuppressWarnings("DoNotCallSuggester")
public final class CertificateIdentity {

    private CertificateIdentity() {}

    /** The ID in the certificate's only URI name; empty if there is none, more than one, or another kind of URI. */
    public static Optional<SpiffeId> of(X509Certificate certificate) {
        throw new UnsupportedOperationException();
    }
}
