/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** The server end of delta ADS over real TLS; says what the test says, and keeps what it is told. */
final class FakeRegistry extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable {

    private final TestAuthority authority = TestAuthority.of("lubeck.example");
    private final GrpcServer server;
    private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
    private volatile boolean deaf;

    FakeRegistry() throws IOException {
        this.server = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        TestIdentity.of(
                                authority.svid(SystemIdentity.CLUSTER_REGISTRY.in(authority.trustDomain())),
                                TestAuthority.bundles(authority)))
                .service(this)
                .build()
                .start();
    }

    /** A channel to it, as a member of its trust domain. */
    ManagedChannel channel() {
        return GrpcChannels.to(
                        new HostPort("127.0.0.1", server.port()),
                        TestIdentity.of(authority.svid("/hanse/node/n1"), TestAuthority.bundles(authority)),
                        SystemIdentity.CLUSTER_REGISTRY.in(authority.trustDomain()))
                .open();
    }

    /** The next stream that is opened. */
    Session next() throws InterruptedException {
        return Until.next(sessions);
    }

    /** Streams opened from now on are not read. */
    void stopListening() {
        deaf = true;
    }

    boolean nobodyCame() {
        return sessions.isEmpty();
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(StreamObserver<DeltaDiscoveryResponse> out) {
        Session session = new Session((ServerCallStreamObserver<DeltaDiscoveryResponse>) out);
        if (deaf) {
            session.out.disableAutoRequest();
        }
        sessions.add(session);
        return session;
    }

    @Override
    public void close() {
        server.stop();
    }

    /** One stream. */
    static final class Session implements StreamObserver<DeltaDiscoveryRequest> {
        private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;
        private final BlockingQueue<DeltaDiscoveryRequest> requests = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> left = new CompletableFuture<>();

        Session(ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
            this.out = out;
        }

        DeltaDiscoveryRequest heard() throws InterruptedException {
            return Until.next(requests);
        }

        boolean heardNothing() {
            return requests.isEmpty();
        }

        void say(String typeUrl, String nonce, List<Resource> resources, List<String> removed) {
            out.onNext(DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setNonce(nonce)
                    .addAllResources(resources)
                    .addAllRemovedResources(removed)
                    .build());
        }

        void end(Status status) {
            out.onError(status.asException());
        }

        void complete() {
            out.onCompleted();
        }

        /** Reads so many more requests of a stream that is not read. */
        void listen(int count) {
            out.request(count);
        }

        CompletableFuture<Throwable> left() {
            return left;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            requests.add(request);
        }

        @Override
        public void onError(Throwable why) {
            left.complete(why);
        }

        @Override
        public void onCompleted() {
            left.complete(new IllegalStateException("completed"));
        }
    }
}
