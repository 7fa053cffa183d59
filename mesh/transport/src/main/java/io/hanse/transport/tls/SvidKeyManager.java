/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the SVID that its source holds at the moment of each handshake, so that a renewal needs no new listener and no
 * new channel. Without an SVID it shows nothing and the handshake fails.
 */
public final class SvidKeyManager extends X509ExtendedKeyManager {

    /** Each generation has its own alias: a chain and a key read under one alias always belong together. */
    private static final String ALIAS_PREFIX = "svid-";

    private final SvidSource source;

    public SvidKeyManager(SvidSource source) {
        this.source = source;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return currentAlias();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return currentAliasFor(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return currentAlias();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return currentAliasFor(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = currentAliasFor(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return byAlias(alias)
                .map(svid -> svid.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return byAlias(alias).map(X509Svid::key).orElse(null);
    }

    private @Nullable String currentAlias() {
        return source.current().map(SvidKeyManager::alias).orElse(null);
    }

    private @Nullable String currentAliasFor(String keyType) {
        return source.current()
                .filter(svid -> keyType.startsWith(svid.key().getAlgorithm()))
                .map(SvidKeyManager::alias)
                .orElse(null);
    }

    /** Empty if the SVID was replaced between choosing and reading: that handshake fails and the next one succeeds. */
    private Optional<X509Svid> byAlias(String alias) {
        return source.current().filter(svid -> alias(svid).equals(alias));
    }

    private static String alias(X509Svid svid) {
        return ALIAS_PREFIX + svid.leaf().getSerialNumber().toString(16);
    }
}
