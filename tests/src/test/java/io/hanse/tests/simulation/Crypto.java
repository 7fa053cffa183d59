/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.hanse.model.x509.SvidVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Real signatures by the fast library; workloads' key pairs come from a pool, for nothing depends on their being new. */
final class Crypto {

    private static final int KEYS = 16;
    private static final List<PublicKey> POOL = pool();

    private Crypto() {}

    static SvidVerifier verifier(InstantSource clock) {
        return new SvidVerifier(clock, AmazonCorrettoCryptoProvider.INSTANCE.getName());
    }

    static PublicKey key(int number) {
        return POOL.get(Math.floorMod(number, KEYS));
    }

    /** Puts the fast library first and the product's log to rest, until closed. */
    static AutoCloseable ready() {
        Logger log = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = log.getLevel();
        log.setLevel(Level.OFF);
        boolean inserted = Security.insertProviderAt(AmazonCorrettoCryptoProvider.INSTANCE, 1) > 0;
        return () -> {
            log.setLevel(before);
            if (inserted) {
                Security.removeProvider(AmazonCorrettoCryptoProvider.INSTANCE.getName());
            }
        };
    }

    private static List<PublicKey> pool() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", AmazonCorrettoCryptoProvider.INSTANCE);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            List<PublicKey> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                keys.add(generator.generateKeyPair().getPublic());
            }
            return List.copyOf(keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
