/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.model.testing.TestAuthority;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/** Keys that take long to make, or that nobody should hold; made once. */
final class Keys {

    static final KeyPair EC = TestAuthority.ecKeys("secp256r1");
    static final KeyPair EC_384 = TestAuthority.ecKeys("secp384r1");
    static final KeyPair EC_521 = TestAuthority.ecKeys("secp521r1");
    static final KeyPair RSA_1024 = TestAuthority.rsaKeys(1024);
    static final KeyPair RSA_2048 = TestAuthority.rsaKeys(2048);
    static final KeyPair ED25519 = ed25519();

    private Keys() {}

    private static KeyPair ed25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
