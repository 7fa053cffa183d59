/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateException;
import java.util.Optional;

/** A handshake ended because the peer's chain proved nothing, or somebody else. */
public final class PeerRefused extends CertificateException {

    private static final long serialVersionUID = 1L;

    /** Enough for every wrapping that TLS stacks do; also ends a cyclic chain of causes. */
    private static final int MAX_CAUSES = 16;

    private final ReasonCode reason;
    private final String detail;

    public PeerRefused(Refused refused) {
        super(refused.reason() + ": " + refused.detail());
        this.reason = refused.reason();
        this.detail = refused.detail();
    }

    /** The code for the log, the metric and the response. */
    public ReasonCode reason() {
        return reason;
    }

    /** One clause with the facts. */
    public String detail() {
        return detail;
    }

    /** The refusal behind a TLS stack's exception. */
    public static Optional<PeerRefused> in(Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < MAX_CAUSES && at != null; i++) {
            if (at instanceof PeerRefused refused) {
                return Optional.of(refused);
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    /** The reason code of any failed handshake, whichever TLS stack reports it. */
    public static ReasonCode reasonOf(Throwable failure) {
        Optional<PeerRefused> refused = in(failure);
        if (refused.isPresent()) {
            return refused.get().reason();
        }
        if (failure instanceof SslHandshakeTimeoutException) {
            return ReasonCode.HANDSHAKE_TIMEOUT;
        }
        // The two stacks say "no certificate" before any trust manager is asked, and only in words.
        String message = String.valueOf(failure.getMessage());
        boolean none = message.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                || message.contains("Empty client certificate chain")
                || message.contains("Empty server certificate chain");
        return none ? ReasonCode.NO_CLIENT_CERTIFICATE : ReasonCode.TLS_HANDSHAKE_FAILED;
    }
}
