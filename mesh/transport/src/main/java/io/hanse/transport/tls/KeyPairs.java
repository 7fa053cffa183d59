/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Key pairs of SVIDs: EC on NIST P-256, the curve that every SPIFFE library reads. */
public final class KeyPairs {

    private static final String CURVE = "secp256r1";
    /** What is signed to see that two halves belong together; the content does not matter. */
    private static final byte[] PROBE = {'h', 'a', 'n', 's', 'e'};

    private KeyPairs() {}

    /** A fresh key pair; it never leaves this process except into its own 0600 file (design invariant 2). */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no EC P-256 (expected: every JDK 25 does)", e);
        }
    }

    static void requireMatch(PublicKey publicKey, PrivateKey privateKey) throws MalformedSvid {
        try {
            Signature signature = Signature.getInstance(algorithmFor(privateKey));
            signature.initSign(privateKey);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            if (!signature.verify(signed)) {
                throw new MalformedSvid("key: it is not the leaf's");
            }
        } catch (GeneralSecurityException e) {
            throw new MalformedSvid("key: it is not the leaf's, or of a kind that cannot sign", e);
        }
    }

    private static String algorithmFor(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }
}
