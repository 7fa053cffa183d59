/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.TlsPeer;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Who makes the call that the current thread serves, as its TLS handshake proved. Read it in the handler's own thread,
 * before work is handed to another.
 *
 * @param peer empty if the caller showed no certificate
 * @param address the socket's far end, for logs
 */
public record Caller(Optional<TlsPeer> peer, Optional<SocketAddress> address) {

    private static final Caller NOBODY = new Caller(Optional.empty(), Optional.empty());

    static final Context.Key<Caller> KEY = Context.keyWithDefault("hanse-caller", NOBODY);

    /** The verified SPIFFE ID of the caller of this call; empty if it showed no certificate. */
    public static Optional<SpiffeId> current() {
        return KEY.get().peer().map(TlsPeer::id);
    }

    /** Everything known of the caller of this call. */
    public static Caller details() {
        return KEY.get();
    }

    /**
     * The verified SPIFFE ID of the caller of this call.
     *
     * @throws io.grpc.StatusRuntimeException UNAUTHENTICATED if it showed no certificate
     */
    public static SpiffeId required() {
        return current()
                .orElseThrow(() -> Status.UNAUTHENTICATED
                        .withDescription("NO_CLIENT_CERTIFICATE: this call needs an X.509-SVID")
                        .asRuntimeException());
    }
}
