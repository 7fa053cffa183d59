/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whom a TLS handshake proved: the ID and the chain that proved it, leaf first, kept so that the chain can be verified
 * again when bundles change.
 */
public record Peer(SpiffeId id, List<X509Certificate> chain) {

    public Peer {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: the leaf first)");
        }
    }
}
