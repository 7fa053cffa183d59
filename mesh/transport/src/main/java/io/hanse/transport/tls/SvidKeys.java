/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/**
 * The key and chain of one SVID as a TLS stack takes them without work. Given plainly, Netty puts them into an encrypted key
 * store first, and the derivation of its password holds up an event loop for 20 ms and more at each renewal.
 */
final class SvidKeys extends KeyManagerFactory {

    private static final Provider NONE = new Provider("hanse-svid", "1", "no algorithms; names a factory's origin") {
        private static final long serialVersionUID = 1L;
    };

    private SvidKeys(KeyManager keys) {
        super(new Spi(keys), NONE, "SVID");
    }

    /**
     * Always the same objects, so that Netty need not give the key to BoringSSL again at each handshake. Its caching
     * factory would do that too, and keeps the native key for ever if the first two handshakes of a context meet.
     */
    static KeyManagerFactory of(X509Svid svid) {
        return new SvidKeys(new SvidKeyManager(new SvidCell(svid)));
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final KeyManager keys;

        Spi(KeyManager keys) {
            this.keys = keys;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
            // It has its keys.
        }

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
            // It has its keys.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {keys};
        }
    }
}
