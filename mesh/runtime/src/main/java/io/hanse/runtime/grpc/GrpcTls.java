/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SvidKeyManager;
import io.hanse.transport.tls.TlsProvider;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/** TLS contexts for gRPC. They hold no SVID: the key manager is asked at each handshake. */
final class GrpcTls {

    /** Handlers may block. */
    static final Executor VIRTUAL_THREADS = task -> {
        Thread.ofVirtual().name("grpc").start(task);
    };

    private GrpcTls() {}

    static SslContext server(MeshIdentity identity, PeerCheck callers, ClientCertificate clientCertificate) {
        ClientAuth auth = switch (clientCertificate) {
            case REQUIRED -> ClientAuth.REQUIRE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
        };
        return build(() -> SslContextBuilder.forServer(new SvidKeyManager(identity.svids()))
                .trustManager(identity.trust(callers))
                .clientAuth(auth));
    }

    static SslContext client(MeshIdentity identity, PeerCheck server) {
        return build(() -> SslContextBuilder.forClient()
                .keyManager(new SvidKeyManager(identity.svids()))
                .trustManager(identity.trust(server))
                .endpointIdentificationAlgorithm(null));
    }

    private static SslContext build(Recipe recipe) {
        try {
            return TlsProvider.best() == TlsProvider.OPENSSL
                    ? withoutCache(cook(recipe, SslProvider.OPENSSL))
                    : new PerConnectionContext(() -> cook(recipe, SslProvider.JDK));
        } catch (SSLException e) {
            throw new IllegalStateException("this machine's TLS library refuses TLS 1.3 (expected: it loads)", e);
        }
    }

    private static SslContext cook(Recipe recipe, SslProvider provider) throws SSLException {
        return GrpcSslContexts.configure(recipe.begin(), provider)
                .protocols("TLSv1.3")
                .build();
    }

    private static SslContext withoutCache(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return context;
    }

    /** A builder is used up by building: each context begins anew. */
    @FunctionalInterface
    private interface Recipe {
        SslContextBuilder begin();
    }
}
