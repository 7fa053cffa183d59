/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import io.hanse.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bundle of one trust domain. Empty means that everything of that trust domain is revoked (Bundle 4.1.3).
 *
 * @param trustDomain whose keys these are; kept beside the document, which does not say it (Bundle 3)
 * @param x509Authorities CA certificates, in document order
 * @param jwtAuthorities JWT-SVID keys, in document order
 * @param sequence {@code spiffe_sequence}: grows with every change of content (Bundle 4.1.1)
 * @param refreshHint {@code spiffe_refresh_hint}: how often a consumer should look (Bundle 4.1.2)
 */
public record TrustBundle(
        TrustDomain trustDomain,
        List<X509Certificate> x509Authorities,
        List<JwtAuthority> jwtAuthorities,
        OptionalLong sequence,
        Optional<Duration> refreshHint) {

    public TrustBundle {
        x509Authorities = List.copyOf(x509Authorities);
        jwtAuthorities = List.copyOf(jwtAuthorities);
    }

    /** A bundle of X.509 authorities alone, as {@code FetchX509Bundles} carries it. */
    public static TrustBundle ofX509(TrustDomain trustDomain, List<X509Certificate> authorities) {
        return new TrustBundle(trustDomain, authorities, List.of(), OptionalLong.empty(), Optional.empty());
    }

    /** The same bundle under another sequence. */
    public TrustBundle withSequence(long number) {
        return new TrustBundle(trustDomain, x509Authorities, jwtAuthorities, OptionalLong.of(number), refreshHint);
    }

    /** Whether both hold the same keys, whatever their sequence and hint. */
    public boolean hasSameKeysAs(TrustBundle other) {
        return trustDomain.equals(other.trustDomain)
                && x509Authorities.equals(other.x509Authorities)
                && jwtAuthorities.equals(other.jwtAuthorities);
    }
}
