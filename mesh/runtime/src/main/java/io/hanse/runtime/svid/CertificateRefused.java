/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

/** spiffe-ca gave no certificate, or one that cannot be used. */
public final class CertificateRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean worthRetrying;
    private final String next;

    CertificateRefused(String message, boolean worthRetrying, String next, Throwable cause) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
        this.next = next;
    }

    CertificateRefused(String message, String next) {
        super(message);
        this.worthRetrying = false;
        this.next = next;
    }

    /** A refusal that asking again will not change. */
    public CertificateRefused(String message) {
        this(message, "");
    }

    /** Whether the same question may be answered later: spiffe-ca is away or busy, and did not say no. */
    public boolean worthRetrying() {
        return worthRetrying;
    }

    /** What helps against the usual cause; empty if none is known. */
    public String next() {
        return next;
    }
}
