/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.x509.Verification.Verified;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other end of a TLS connection, as its handshake proved.
 *
 * @param id whom the leaf names
 * @param chain leaf first, as the peer sent it
 * @param authority the certificate of the bundle that the chain leads to
 * @param provedWith the X.509 authorities of its trust domain at that time, for {@link LiveTrust}
 */
public record TlsPeer(
        SpiffeId id, List<X509Certificate> chain, X509Certificate authority, List<X509Certificate> provedWith) {

    private static final String SESSION_KEY = "io.hanse.transport.tls.peer";

    public TlsPeer {
        chain = List.copyOf(chain);
        provedWith = List.copyOf(provedWith);
    }

    /**
     * Reads it after the handshake; empty if the peer showed no certificate. A look-up, no verification: this session
     * exists only because {@link SpiffeTrustManager} accepted the chain.
     */
    public static Optional<TlsPeer> of(SSLSession session) {
        return session.getValue(SESSION_KEY) instanceof TlsPeer peer ? Optional.of(peer) : Optional.empty();
    }

    static void remember(
            SSLSession session, Verified verified, List<X509Certificate> chain, List<X509Certificate> authorities) {
        session.putValue(SESSION_KEY, new TlsPeer(verified.id(), chain, verified.authority(), authorities));
    }
}
