/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.key;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** The law for public keys, of leaves, of authorities and of JWT signers alike. */
public final class AcceptedKeys {

    /** The law in words, for messages. */
    public static final String LAW = "EC P-256, P-384, P-521 or RSA of 2048 to 8192 bits";

    private static final int MIN_RSA_BITS = 2048;
    /** Verifying costs the square of the size; beyond this a peer makes us work for nothing. */
    private static final int MAX_RSA_BITS = 8192;
    /** The JDK's own limit for large keys; a larger exponent only slows the verifier. */
    private static final int MAX_RSA_EXPONENT_BITS = 64;

    private AcceptedKeys() {}

    /** Whether {@code key} is one of {@link #LAW}. */
    public static boolean accepts(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> Curve.of(ec).isPresent();
            case RSAPublicKey rsa -> {
                int bits = rsa.getModulus().bitLength();
                yield bits >= MIN_RSA_BITS
                        && bits <= MAX_RSA_BITS
                        && rsa.getPublicExponent().bitLength() <= MAX_RSA_EXPONENT_BITS;
            }
            default -> false;
        };
    }
}
