/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.issuance.IssuedSvid;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.issuance.SvidRequest;
import io.hanse.ca.keys.OwnKey;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidSource;
import io.hanse.transport.tls.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The SVID this authority issues to itself for its listener: a fresh key each time, renewed at half life and at once when
 * another authority signs, so that a tainted authority's SVID is not shown.
 */
public final class OwnSvid {

    private static final String REQUESTER = "self";

    private final SpiffeId id;
    private final Authorities authorities;
    private final Issuer issuer;
    private final InstantSource clock;
    private final SvidCell cell = new SvidCell();

    public OwnSvid(TrustDomain trustDomain, Authorities authorities, Issuer issuer, InstantSource clock) {
        this.id = SystemIdentity.SPIFFE_CA.in(trustDomain);
        this.authorities = authorities;
        this.issuer = issuer;
        this.clock = clock;
    }

    public SpiffeId id() {
        return id;
    }

    public SvidSource source() {
        return cell;
    }

    /** Renews if it is time; called at start and every few seconds. Blocking (journal). */
    public synchronized void renewIfDue() {
        Optional<X509Svid> current = cell.current();
        if (current.isPresent() && !isDue(current.get())) {
            return;
        }
        OwnKey key = OwnKey.generate();
        IssuedSvid issued =
                issuer.issue(issuer.prepare(new SvidRequest(id, key.publicKey(), Duration.ZERO, REQUESTER)));
        cell.publish(key.svid(issued.chain()));
    }

    private boolean isDue(X509Svid svid) {
        Instant half = svid.validFrom()
                .plus(Duration.between(svid.validFrom(), svid.expiresAt()).dividedBy(2));
        String signer = authorities.signer(AuthorityKind.X509).keyId();
        return !clock.instant().isBefore(half) || !svid.authorityKeyIds().contains(signer);
    }
}
