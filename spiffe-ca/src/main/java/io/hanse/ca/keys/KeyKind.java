/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of key an authority may have, and how each one signs certificates and tokens. */
public enum KeyKind {
    EC_P256("ec-p256", "EC", "SHA256withECDSA", "ES256", 256),
    EC_P384("ec-p384", "EC", "SHA384withECDSA", "ES384", 384),
    RSA_2048("rsa-2048", "RSA", "SHA256withRSA", "RS256", 2048),
    RSA_3072("rsa-3072", "RSA", "SHA256withRSA", "RS256", 3072),
    RSA_4096("rsa-4096", "RSA", "SHA256withRSA", "RS256", 4096);

    private final String text;
    private final String algorithm;
    private final String signatureAlgorithm;
    private final String jwsAlgorithm;
    private final int bits;

    KeyKind(String text, String algorithm, String signatureAlgorithm, String jwsAlgorithm, int bits) {
        this.text = text;
        this.algorithm = algorithm;
        this.signatureAlgorithm = signatureAlgorithm;
        this.jwsAlgorithm = jwsAlgorithm;
        this.bits = bits;
    }

    /** The name in configuration and state files. */
    public String text() {
        return text;
    }

    /** The kind of that name. */
    public static Optional<KeyKind> parse(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /** JCA name of the signature, e.g. {@code SHA256withECDSA}. */
    public String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /** The JWS {@code alg} (JWT-SVID 2.1). */
    public String jwsAlgorithm() {
        return jwsAlgorithm;
    }

    String algorithm() {
        return algorithm;
    }

    KeyPair generate(Provider provider) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, provider);
        generator.initialize(parameters());
        return generator.generateKeyPair();
    }

    private AlgorithmParameterSpec parameters() {
        return algorithm.equals("RSA")
                ? new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4)
                : new ECGenParameterSpec("secp" + bits + "r1");
    }
}
