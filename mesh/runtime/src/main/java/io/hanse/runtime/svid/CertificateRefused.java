/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

/** spiffe-ca gave no certificate, or one that cannot be used. */
public final class CertificateRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean worthRetrying;

    CertificateRefused(String message, boolean worthRetrying, Throwable cause) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
    }

    CertificateRefused(String message, Throwable cause) {
        this(message, false, cause);
    }

    /** A refusal that asking again will not change. */
    public CertificateRefused(String message) {
        super(message);
        this.worthRetrying = false;
    }

    /** Whether the same question may be answered later: spiffe-ca is away or busy, and did not say no. */
    public boolean worthRetrying() {
        return worthRetrying;
    }
}
