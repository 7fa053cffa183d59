/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import java.security.PublicKey;

/**
 * A key that signs JWT-SVIDs of a trust domain (JWT-SVID 6).
 *
 * @param keyId {@code kid}, never empty
 * @param key EC P-256, P-384, P-521 or RSA
 */
public record JwtAuthority(String keyId, PublicKey key) {

    public JwtAuthority {
        if (keyId.isEmpty()) {
            throw new IllegalArgumentException("key id: empty (expected: the kid of a jwt-svid key, JWT-SVID 6.1)");
        }
    }
}
