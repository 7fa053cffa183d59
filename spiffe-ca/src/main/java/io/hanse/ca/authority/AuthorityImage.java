/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Both rosters at one moment; durable before anybody sees it.
 *
 * @param version grows by one with every change and never goes back, over restarts too
 */
public record AuthorityImage(TrustDomain trustDomain, long version, Roster x509, Roster jwt) {

    static AuthorityImage empty(TrustDomain trustDomain) {
        return new AuthorityImage(trustDomain, 0, Roster.empty(AuthorityKind.X509), Roster.empty(AuthorityKind.JWT));
    }

    /** The roster of a kind. */
    public Roster of(AuthorityKind kind) {
        return switch (kind) {
            case X509 -> x509;
            case JWT -> jwt;
        };
    }

    AuthorityImage with(Roster next) {
        return switch (next.kind()) {
            case X509 -> new AuthorityImage(trustDomain, version + 1, next, jwt);
            case JWT -> new AuthorityImage(trustDomain, version + 1, x509, next);
        };
    }

    /** Everything this trust domain publishes; without sequence and hint, which the exchange adds. */
    public TrustBundle bundle() {
        return new TrustBundle(
                trustDomain,
                x509.published().stream()
                        .map(AuthorityMaterial::x509Certificate)
                        .toList(),
                jwt.published().stream()
                        .map(m -> new JwtAuthority(m.keyId(), m.key().publicKey()))
                        .toList(),
                OptionalLong.empty(),
                Optional.empty());
    }
}
