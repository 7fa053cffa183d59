/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.time.Instant;
import java.util.Optional;

/**
 * An invitation this exchange made, open or used up.
 *
 * @param id names it on the wire; no secret
 * @param secret what the acceptor must prove to hold
 * @param intendedFor the only cluster that may use it; anybody when absent
 * @param fingerprint hex SHA-256 of the text's document, so that an altered one is recognised
 * @param madeAt when
 * @param expiresAt from then on refused
 * @param use who used it up, when that happened
 */
public record OpenInvitation(
        String id,
        Secret secret,
        Optional<ClusterName> intendedFor,
        String fingerprint,
        Instant madeAt,
        Instant expiresAt,
        Optional<Use> use) {

    /** Whether it can still be used at {@code now}. */
    public boolean isOpen(Instant now) {
        return use.isEmpty() && now.isBefore(expiresAt);
    }

    /** This invitation, used up. */
    public OpenInvitation usedBy(Use by) {
        return new OpenInvitation(id, secret, intendedFor, fingerprint, madeAt, expiresAt, Optional.of(by));
    }

    /**
     * Who used it.
     *
     * @param trustDomain the acceptor's
     * @param cluster the acceptor's name
     * @param at when
     * @param bodySha256 hex; the same acceptor may repeat the very same request when it lost the answer
     */
    public record Use(TrustDomain trustDomain, ClusterName cluster, Instant at, String bodySha256) {}
}
