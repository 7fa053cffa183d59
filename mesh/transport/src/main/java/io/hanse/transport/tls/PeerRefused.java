/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification.Refused;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A handshake ended because the peer's chain proved nothing, or somebody else. */
public final class PeerRefused extends CertificateException {

    private static final long serialVersionUID = 1L;

    /** Enough for every wrapping that TLS stacks do; also ends a cyclic chain of causes. */
    private static final int MAX_CAUSES = 16;

    /** What BoringSSL and the JDK find without asking a trust manager, and say in words only. */
    private static final Map<String, ReasonCode> SAID = Map.ofEntries(
            Map.entry("PEER_DID_NOT_RETURN_A_CERTIFICATE", ReasonCode.NO_CLIENT_CERTIFICATE),
            Map.entry("Empty client certificate chain", ReasonCode.NO_CLIENT_CERTIFICATE),
            Map.entry("Empty server certificate chain", ReasonCode.NO_CLIENT_CERTIFICATE),
            Map.entry("CANNOT_PARSE_LEAF_CERT", ReasonCode.CERTIFICATE_MALFORMED),
            Map.entry("Failed to parse client certificates", ReasonCode.CERTIFICATE_MALFORMED),
            Map.entry("Failed to parse server certificates", ReasonCode.CERTIFICATE_MALFORMED),
            Map.entry("KEY_USAGE_BIT_INCORRECT", ReasonCode.CERTIFICATE_MAY_NOT_AUTHENTICATE),
            Map.entry("exceeds the maximum allowed size", ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE),
            Map.entry("EXCESSIVE_MESSAGE_SIZE", ReasonCode.CERTIFICATE_CHAIN_TOO_LARGE),
            Map.entry("BAD_SIGNATURE", ReasonCode.CERTIFICATE_KEY_NOT_HELD),
            Map.entry("CertificateVerify signature", ReasonCode.CERTIFICATE_KEY_NOT_HELD));

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
        return causesOf(failure)
                .flatMap(cause -> cause instanceof PeerRefused refused ? Stream.of(refused) : Stream.empty())
                .findFirst();
    }

    private static Stream<Throwable> causesOf(Throwable failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MAX_CAUSES);
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
        return causesOf(failure)
                .map(cause -> String.valueOf(cause.getMessage()))
                .flatMap(message -> SAID.entrySet().stream().filter(said -> message.contains(said.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ReasonCode.TLS_HANDSHAKE_FAILED);
    }
}
