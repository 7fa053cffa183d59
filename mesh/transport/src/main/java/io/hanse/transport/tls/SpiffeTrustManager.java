/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.model.x509.Verification.Verified;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a TLS stack asks whether a peer's chain is good: {@link SvidVerifier} with the bundles of this
 * instant, then the {@link PeerCheck}. The answer stays readable as {@link TlsPeer#of}.
 */
public final class SpiffeTrustManager extends X509ExtendedTrustManager {

    private static final X509Certificate[] NO_ISSUERS = {};

    private final SvidVerifier verifier;
    private final BundleSource bundles;
    private final PeerCheck check;

    public SpiffeTrustManager(SvidVerifier verifier, BundleSource bundles, PeerCheck check) {
        this.verifier = verifier;
        this.bundles = bundles;
        this.check = check;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, engine.getHandshakeSession());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, engine.getHandshakeSession());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        verify(chain, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        verify(chain, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        verify(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        verify(chain, null);
    }

    /** None: a list of authority names would tell strangers whom this process trusts. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_ISSUERS;
    }

    private void verify(X509Certificate[] chain, @Nullable SSLSession session) throws PeerRefused {
        if (chain.length == 0) {
            throw new PeerRefused(new Refused(ReasonCode.NO_CLIENT_CERTIFICATE, "the peer's chain is empty"));
        }
        List<X509Certificate> certificates = List.of(chain);
        BundleMap map = bundles.current();
        Verification verification = verifier.verify(certificates, map);
        switch (verification) {
            case Refused refused -> throw new PeerRefused(refused);
            case Verified verified -> {
                Optional<Refused> unwanted = check.check(verified.id());
                if (unwanted.isPresent()) {
                    throw new PeerRefused(unwanted.get());
                }
                if (session != null) {
                    List<X509Certificate> authorities = map.of(verified.id().trustDomain())
                            .map(TrustBundle::x509Authorities)
                            .orElse(List.of());
                    TlsPeer.remember(session, verified, certificates, authorities);
                }
            }
        }
    }
}
