/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.bundle.BundleMap;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a certificate chain proves a SPIFFE ID (X509-SVID 5, RFC 5280 6). The only authorities it asks are those
 * of the trust domain that the leaf names; roots are never pooled (WL-4.6).
 *
 * <p>No I/O, no revocation lists; costs one signature per certificate of the path. Immutable; any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class SvidVerifier {

    private final InstantSource clock;
    private final Optional<String> signatureProvider;

    /** Verifies signatures with the JDK's preferred provider. */
    public SvidVerifier(InstantSource clock) {
        this(clock, Optional.empty());
    }

    /**
     * Verifies signatures with a provider of the caller's choice, which is faster than SunEC.
     *
     * @param signatureProvider name of a registered {@link java.security.Provider}
     */
    public SvidVerifier(InstantSource clock, String signatureProvider) {
        this(clock, Optional.of(signatureProvider));
    }

    private SvidVerifier(InstantSource clock, Optional<String> signatureProvider) {
        this.clock = clock;
        this.signatureProvider = signatureProvider;
    }

    /**
     * Looks at a chain as a TLS peer shows it.
     *
     * @param chain the leaf first; intermediates after it in any order, with or without the root
     * @param bundles the bundle of each trust domain that is trusted at all
     */
    public Verification verify(List<X509Certificate> chain, BundleMap bundles) {
        throw new UnsupportedOperationException(clock + " " + signatureProvider + chain + bundles);
    }
}
