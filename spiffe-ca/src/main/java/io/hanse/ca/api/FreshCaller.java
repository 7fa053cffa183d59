/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.hanse.ca.attest.Refusal;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import io.hanse.runtime.grpc.Caller;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.TlsPeer;
import java.util.Optional;

/**
 * Verifies the caller's chain again at each call. A connection may outlive the SVID it began with, or the authority that
 * signed it: neither may buy anything then.
 */
final class FreshCaller implements ServerInterceptor {

    private final SvidVerifier verifier;
    private final BundleSource bundles;
    private final Refusals refusals;

    FreshCaller(SvidVerifier verifier, BundleSource bundles, Refusals refusals) {
        this.verifier = verifier;
        this.bundles = bundles;
        this.refusals = refusals;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<TlsPeer> peer = Caller.details().peer();
        if (peer.isPresent()
                && verifier.verify(peer.get().chain(), bundles.current()) instanceof Verification.Refused refused) {
            StatusRuntimeException refusal = refusals.of(new Refusal(
                    Refusal.Code.SVID_NO_LONGER_VALID,
                    "the SVID this connection began with is refused now: %s: %s; connect again with a new one"
                            .formatted(refused.reason(), refused.detail())));
            call.close(refusal.getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
