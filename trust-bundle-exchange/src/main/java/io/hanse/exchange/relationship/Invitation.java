/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.Secret;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.time.Instant;
import java.util.List;

/**
 * What an invitation's text says. Holds no key, but a one-use secret: whoever holds the text first may connect.
 *
 * @param id names it at the inviter
 * @param cluster the inviter's name
 * @param trustDomain the inviter's
 * @param gateways the inviter's, in the order to try
 * @param endpointId SPIFFE ID of the inviter's bundle endpoint
 * @param bundleSha256 lower-case hex SHA-256 of the inviter's bundle document
 * @param secret proves to the inviter that the acceptor holds the text
 * @param expiresAt from then on refused
 */
public record Invitation(
        String id,
        ClusterName cluster,
        TrustDomain trustDomain,
        List<HostPort> gateways,
        SpiffeId endpointId,
        String bundleSha256,
        Secret secret,
        Instant expiresAt) {

    private static final int SHA256_HEX_CHARACTERS = 64;
    private static final int MAX_ID_CHARACTERS = 64;

    public Invitation {
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty() || gateways.size() > Relationship.MAX_GATEWAYS) {
            throw new IllegalArgumentException(
                    "gateways: %d (expected: 1 to %d)".formatted(gateways.size(), Relationship.MAX_GATEWAYS));
        }
        if (gateways.stream().anyMatch(gateway -> gateway.port() == 0)) {
            throw new IllegalArgumentException("gateways: port 0 (expected: a port to connect to)");
        }
        if (!endpointId.trustDomain().equals(trustDomain) || endpointId.isTrustDomainId()) {
            throw new IllegalArgumentException(
                    "endpoint SPIFFE ID: %s (expected: an ID of %s)".formatted(endpointId, trustDomain));
        }
        if (!isHex(bundleSha256, SHA256_HEX_CHARACTERS)) {
            throw new IllegalArgumentException("bundle SHA-256: malformed (expected: 64 hex digits)");
        }
        if (!isHex(id, id.length()) || id.isEmpty() || id.length() > MAX_ID_CHARACTERS) {
            throw new IllegalArgumentException("invitation id: malformed (expected: hex digits)");
        }
    }

    private static boolean isHex(String text, int characters) {
        return text.length() == characters && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
