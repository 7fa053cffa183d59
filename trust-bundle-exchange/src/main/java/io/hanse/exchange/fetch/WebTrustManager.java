/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.transport.tls.PeerRefused;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** The platform's judgement of a web server, name included (RFC 6125), with our reason codes and words for its refusals. */
final class WebTrustManager extends X509ExtendedTrustManager {

    /** Enough for every wrapping that the platform does; also ends a cyclic chain of causes. */
    private static final int MAX_CAUSES = 8;

    private final X509ExtendedTrustManager platform;

    WebTrustManager(X509ExtendedTrustManager platform) {
        this.platform = platform;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explained(() -> platform.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explained(() -> platform.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(() -> platform.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        platform.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        platform.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        platform.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private static void explained(Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException refused) {
            PeerRefused ours = new PeerRefused(explain(refused));
            ours.initCause(refused);
            throw ours;
        }
    }

    private static Refused explain(CertificateException refused) {
        boolean path = false;
        Throwable at = refused;
        for (int i = 0; i < MAX_CAUSES && at != null; i++) {
            if (at instanceof CertificateExpiredException) {
                return new Refused(
                        ReasonCode.CERTIFICATE_EXPIRED,
                        "its web certificate has expired; whoever runs it must renew it");
            }
            if (at instanceof CertificateNotYetValidException) {
                return new Refused(
                        ReasonCode.CERTIFICATE_NOT_YET_VALID,
                        "its web certificate is not valid yet; clocks may differ");
            }
            path |= at instanceof CertPathBuilderException || at instanceof CertPathValidatorException;
            at = at.getCause();
        }
        return path
                ? new Refused(
                        ReasonCode.CERTIFICATE_CHAIN_BROKEN,
                        "its web certificate comes from no authority that is believed here; a private one goes into"
                                + " webAuthorities (of the section trust-bundle-exchange) or extraAuthorities (of the"
                                + " relationship)")
                : new Refused(
                        ReasonCode.IDENTITY_UNEXPECTED,
                        "its web certificate is for another name: %s".formatted(refused.getMessage()));
    }
}
