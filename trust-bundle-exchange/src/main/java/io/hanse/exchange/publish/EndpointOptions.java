/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.web.WebTls;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.util.concurrent.TimeUnit;

/** How a bundle endpoint listens: {@link WebTls}, HTTP/1.1, everything bounded. */
final class EndpointOptions {

    /** Bytes; the paths served are a few characters, a query is allowed and ignored. */
    private static final int MAX_REQUEST_LINE = 4_096;

    /** Bytes; a JWT-SVID with an RSA signature and a browser's headers. */
    private static final int MAX_HEADERS = 16 << 10;

    private static final int IDLE_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS = 5;

    private EndpointOptions() {}

    static HttpServerOptions of(KeyCertOptions keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(false)
                .setKeyCertOptions(keys)
                .setEnabledSecureTransportProtocols(WebTls.PROTOCOLS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        WebTls.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        options.setSslHandshakeTimeout(HANDSHAKE_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        return options;
    }
}
