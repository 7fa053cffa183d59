/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import io.hanse.model.reason.ReasonCode;

/**
 * A trust domain name: the authority part of a SPIFFE ID (SPIFFE-ID 2.1), lower case, without {@code spiffe://}.
 *
 * <p>Operator input in upper case is normalised (SPIFFE-ID 2.4); every other departure from the grammar is refused.
 *
 * @param name {@code [a-z0-9._-]}, 1 to {@value #MAX_BYTES} bytes
 */
public record TrustDomain(String name) implements Comparable<TrustDomain> {

    /** SPIFFE-ID 2.3: implementations must support, and need not exceed, 255 bytes. */
    public static final int MAX_BYTES = 255;

    /**
     * Checks the grammar of SPIFFE-ID 2.1.
     *
     * @throws InvalidSpiffeId if {@code name} is empty, too long or holds another character
     */
    public TrustDomain {
        name = Grammar.checkTrustDomain(name);
    }

    /** Parses a bare name ({@code lubeck.example}) or a trust domain ID ({@code spiffe://lubeck.example}). */
    public static TrustDomain parse(String text) {
        if (Grammar.hasScheme(text)) {
            SpiffeId id = SpiffeId.parse(text);
            if (!id.isTrustDomainId()) {
                throw new InvalidSpiffeId(
                        ReasonCode.SPIFFE_ID_PATH,
                        "trust domain",
                        text,
                        "a trust domain without a path (SPIFFE-ID 2.1)");
            }
            return id.trustDomain();
        }
        return new TrustDomain(text);
    }

    /** The SPIFFE ID of the trust domain itself: {@code spiffe://name}, as signing certificates carry it. */
    public SpiffeId id() {
        return new SpiffeId(this, "");
    }

    @Override
    public int compareTo(TrustDomain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
