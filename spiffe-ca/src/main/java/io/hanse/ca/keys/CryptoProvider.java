/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.keys;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library that signs and verifies, chosen once at start: ACCP if it passes its self test, else Conscrypt.
 * Passed explicitly, never registered with {@code Security} (ADR 2: SunEC and Bouncy Castle sign 8 to 15 times slower).
 */
public final class CryptoProvider {

    private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);

    private final Provider provider;

    private CryptoProvider(Provider provider) {
        this.provider = provider;
    }

    /** Chooses the library and logs which one it is. */
    public static CryptoProvider choose() {
        Provider chosen;
        try {
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
            chosen = AmazonCorrettoCryptoProvider.INSTANCE;
        } catch (RuntimeException | LinkageError unhealthy) {
            LOG.atWarn()
                    .addKeyValue("event", "ca.crypto.fallback")
                    .addKeyValue("cause", unhealthy.toString())
                    .log("the preferred crypto library is not usable here, using the second choice");
            chosen = Conscrypt.newProvider();
        }
        LOG.atInfo()
                .addKeyValue("event", "ca.crypto.chosen")
                .addKeyValue("provider", chosen.getName())
                .addKeyValue("version", chosen.getVersionStr())
                .log("signing with this crypto library");
        return new CryptoProvider(chosen);
    }

    /** The second choice, so that it is tested too. */
    static CryptoProvider fallback() {
        return new CryptoProvider(Conscrypt.newProvider());
    }

    /** The library's name, for logs and status. */
    public String name() {
        return provider.getName();
    }

    Provider provider() {
        return provider;
    }

    /**
     * Decodes a SubjectPublicKeyInfo.
     *
     * @param algorithm {@code EC} or {@code RSA}
     * @throws GeneralSecurityException if the bytes are no such key, for EC also if the point is not on the curve
     */
    public PublicKey publicKey(String algorithm, byte[] subjectPublicKeyInfo) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm, provider).generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
    }

    /** Whether {@code signature} over {@code content} was made by the holder of {@code key}. */
    public boolean verifies(String signatureAlgorithm, PublicKey key, byte[] content, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(signatureAlgorithm, provider);
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException unusable) {
            throw CaException.cryptography("verify " + signatureAlgorithm, unusable);
        }
    }
}
