/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The exchange's two bundle streams over real TLS; says what the test says. */
final class FakeExchange extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase implements AutoCloseable {

    private final GrpcServer server;
    private final HostPort address;
    private final BlockingQueue<StreamObserver<X509BundlesResponse>> x509 = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<JWTBundlesResponse>> jwt = new LinkedBlockingQueue<>();
    private final AtomicInteger left = new AtomicInteger();

    FakeExchange(TestAuthority authority, SpiffeId id, int port) throws IOException {
        this.server = GrpcServer.at(
                        new HostPort("127.0.0.1", port),
                        TestIdentity.of(authority.svid(id), TestAuthority.bundles(authority)))
                .service(this)
                .build()
                .start();
        this.address = new HostPort("127.0.0.1", server.port());
    }

    HostPort address() {
        return address;
    }

    /** The next X.509 stream that is opened. */
    StreamObserver<X509BundlesResponse> nextX509() throws InterruptedException {
        return Until.next(x509);
    }

    /** The next JWT stream that is opened. */
    StreamObserver<JWTBundlesResponse> nextJwt() throws InterruptedException {
        return Until.next(jwt);
    }

    /** How many streams their clients have left. */
    int left() {
        return left.get();
    }

    @Override
    public void fetchX509Bundles(X509BundlesRequest request, StreamObserver<X509BundlesResponse> out) {
        ((ServerCallStreamObserver<X509BundlesResponse>) out).setOnCancelHandler(left::incrementAndGet);
        x509.add(out);
    }

    @Override
    public void fetchJWTBundles(JWTBundlesRequest request, StreamObserver<JWTBundlesResponse> out) {
        ((ServerCallStreamObserver<JWTBundlesResponse>) out).setOnCancelHandler(left::incrementAndGet);
        jwt.add(out);
    }

    @Override
    public void close() {
        server.stop();
    }
}
