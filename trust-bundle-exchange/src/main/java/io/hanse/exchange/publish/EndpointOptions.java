/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.web.WebTls;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a bundle endpoint listens: {@link WebTls}, HTTP/1.1, everything bounded. */
final class EndpointOptions {

    /** Bytes; the paths served are a few characters, a query is allowed and ignored. */
    private static final int MAX_REQUEST_LINE = 4_096;

    /** Bytes; a JWT-SVID with an RSA signature and a browser's headers. */
    private static final int MAX_HEADERS = 16 << 10;

    private static final int IDLE_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(EndpointOptions.class);

    private EndpointOptions() {}

    static HttpServerOptions of(KeyCertOptions keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(false)
                .setKeyCertOptions(keys)
                .setTrustOptions(nobody())
                .setEnabledSecureTransportProtocols(WebTls.PROTOCOLS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        WebTls.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        options.setSslHandshakeTimeout(HANDSHAKE_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        return options;
    }

    /**
     * Makes a context of the JDK's kind, as Vert.x does on its loops, and drops it: with the first of them Netty reads the
     * JDK's trust store from disk. Blocks.
     */
    static void prepare(Vertx vertx, KeyCertOptions keys) {
        try {
            SslContextBuilder.forServer(keys.getKeyManagerFactory(vertx))
                    .sslProvider(SslProvider.JDK)
                    .build();
        } catch (Exception e) {
            // Keys that cannot be used: listening with them says so better.
            LOG.atDebug().setCause(e).log("no TLS context for a bundle endpoint");
        }
    }

    /** Nobody is asked for a certificate; but without any, each context would bring the JDK's trust store along. */
    private static TrustOptions nobody() {
        try {
            KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
            empty.load(null, null);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(empty);
            return TrustOptions.wrap(trust.getTrustManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("an empty trust store (expected: the JDK makes one)", e);
        }
    }
}
