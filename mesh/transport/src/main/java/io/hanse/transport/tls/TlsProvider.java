/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which TLS stack moves the bytes. Both verify with the same {@link SpiffeTrustManager}. */
public enum TlsProvider {
    /** BoringSSL through netty-tcnative, reference-counted: what the byte path uses where its library loads. */
    OPENSSL(SslProvider.OPENSSL_REFCNT),
    /** The JDK's own, for platforms without the library. */
    JDK(SslProvider.JDK);

    private final SslProvider netty;

    TlsProvider(SslProvider netty) {
        this.netty = netty;
    }

    /** BoringSSL if it loads here, else the JDK. */
    public static TlsProvider best() {
        return OpenSsl.isAvailable() ? OPENSSL : JDK;
    }

    SslProvider netty() {
        return netty;
    }
}
