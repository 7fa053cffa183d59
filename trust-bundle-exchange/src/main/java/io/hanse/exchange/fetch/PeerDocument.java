/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.store.BundleLimits;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.SigningCertificate;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads the bundle document of a peer, from wherever it came. Pure. */
public final class PeerDocument {

    private PeerDocument() {}

    /** A document that must not take the place of the bundle held. */
    public static final class UnusableBundle extends Exception {
        private static final long serialVersionUID = 1L;

        private final ReasonCode reason;

        UnusableBundle(ReasonCode reason, String message) {
            super(message);
            this.reason = reason;
        }

        /** Which rule it breaks: one of {@code BUNDLE_}. */
        public ReasonCode reason() {
            return reason;
        }
    }

    /**
     * Reads it.
     *
     * @param trustDomain whose it is to be
     * @throws UnusableBundle if it is no bundle, too large, or one of somebody else: a bundle does not say whose it is (Bundle 3),
     *     its authorities usually do
     */
    public static TrustBundle read(TrustDomain trustDomain, Body document) throws UnusableBundle {
        try {
            TrustBundle bundle = BundleJson.parse(trustDomain, document.bytes());
            requireOwn(bundle);
            requireSmall(bundle);
            return bundle;
        } catch (MalformedBundle e) {
            throw new UnusableBundle(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private static void requireOwn(TrustBundle bundle) throws UnusableBundle {
        List<X509Certificate> authorities = bundle.x509Authorities();
        boolean foreign = !authorities.isEmpty()
                && authorities.stream().allMatch(authority -> isForeign(authority, bundle.trustDomain()));
        if (foreign) {
            throw new UnusableBundle(
                    ReasonCode.BUNDLE_FOREIGN,
                    "bundle: no authority of %s in it (expected: at least one, Bundle 3)"
                            .formatted(bundle.trustDomain()));
        }
    }

    private static void requireSmall(TrustBundle bundle) throws UnusableBundle {
        if (bundle.jwtAuthorities().stream().anyMatch(key -> key.keyId().length() > BundleLimits.MAX_KEY_ID)) {
            throw new UnusableBundle(
                    ReasonCode.BUNDLE_TOO_LARGE,
                    "bundle: a kid longer than any (expected: at most %d characters)"
                            .formatted(BundleLimits.MAX_KEY_ID));
        }
        int size = BundleLimits.size(bundle);
        if (size > BundleLimits.MAX_PEER_BYTES) {
            throw new UnusableBundle(
                    ReasonCode.BUNDLE_TOO_LARGE,
                    "bundle: %d bytes without white space and unknown members (expected: at most %d)"
                            .formatted(size, BundleLimits.MAX_PEER_BYTES));
        }
    }

    private static boolean isForeign(X509Certificate authority, TrustDomain trustDomain) {
        return SigningCertificate.refusal(authority, trustDomain)
                .filter(refused -> refused.reason() == ReasonCode.CERTIFICATE_AUTHORITY_ID)
                .isPresent();
    }
}
