/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.hanse.exchange.testing.Eventually;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A subscriber of the X.509 bundles that asks for a message only when told. */
final class SlowReader extends ClientCall.Listener<X509BundlesResponse> {

    private final BlockingQueue<X509BundlesResponse> messages = new LinkedBlockingQueue<>();
    private final ClientCall<X509BundlesRequest, X509BundlesResponse> call;

    private SlowReader(ClientCall<X509BundlesRequest, X509BundlesResponse> call) {
        this.call = call;
    }

    static SlowReader of(ManagedChannel channel) {
        ClientCall<X509BundlesRequest, X509BundlesResponse> call =
                channel.newCall(SpiffeWorkloadAPIGrpc.getFetchX509BundlesMethod(), CallOptions.DEFAULT);
        SlowReader reader = new SlowReader(call);
        call.start(reader, new Metadata());
        call.sendMessage(X509BundlesRequest.getDefaultInstance());
        call.halfClose();
        return reader;
    }

    /** Reads on until a message fits; how many came before it. */
    int readUntil(Predicate<X509BundlesResponse> fits) throws InterruptedException {
        for (int before = 0; ; before++) {
            call.request(1);
            X509BundlesResponse message = messages.poll(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no message after " + before);
            }
            if (fits.test(message)) {
                return before;
            }
        }
    }

    @Override
    public void onMessage(X509BundlesResponse message) {
        messages.add(message);
    }
}
