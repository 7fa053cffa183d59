/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hanse.exchange.store.StateStore;
import io.hanse.transport.tls.Subscription;
import io.hanse.wire.exchange.RelationshipsGrpc.RelationshipsImplBase;
import io.hanse.wire.exchange.WatchRequest;
import io.hanse.wire.exchange.WatchResponse;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.util.ArrayList;
import java.util.List;

/** The streams of this process. Give {@link #services} to a listener that lets in the own trust domain only. */
public final class TrustStream implements AutoCloseable {

    private final Feed<X509BundlesResponse> x509;
    private final Feed<JWTBundlesResponse> jwt;
    private final Feed<WatchResponse> relationships;
    private final Subscription subscription;

    /** Streams of what {@code store} holds, from now on. */
    public TrustStream(StateStore store) {
        this.x509 = new Feed<>(() -> BundleMessages.x509(store.current()));
        this.jwt = new Feed<>(() -> BundleMessages.jwt(store.current()));
        this.relationships = new Feed<>(() -> BundleMessages.relationships(store.current()));
        this.subscription = store.onChange(() -> {
            x509.changed();
            jwt.changed();
            relationships.changed();
        });
    }

    /** The gRPC services. */
    public List<BindableService> services() {
        BindableService workloadApi = new WorkloadApi();
        return List.of(
                () -> ServerInterceptors.intercept(workloadApi.bindService(), new SecurityHeader()), new Watch());
    }

    /** How many streams are open. */
    public int subscribers() {
        return x509.size() + jwt.size() + relationships.size();
    }

    /** Sends every subscriber elsewhere with UNAVAILABLE. */
    @Override
    public void close() {
        subscription.close();
        x509.drain();
        jwt.drain();
        relationships.drain();
    }

    private final class WorkloadApi extends SpiffeWorkloadAPIImplBase {

        @Override
        public void fetchX509Bundles(X509BundlesRequest request, StreamObserver<X509BundlesResponse> responses) {
            x509.subscribe(responses);
        }

        @Override
        public void fetchJWTBundles(JWTBundlesRequest request, StreamObserver<JWTBundlesResponse> responses) {
            jwt.subscribe(responses);
        }
    }

    private final class Watch extends RelationshipsImplBase {

        @Override
        public void watch(WatchRequest request, StreamObserver<WatchResponse> responses) {
            relationships.subscribe(responses);
        }
    }

    /** WE-3: exactly one {@code workload.spiffe.io: true}, before anything else is looked at. */
    static final class SecurityHeader implements ServerInterceptor {

        private static final Metadata.Key<String> KEY =
                Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            List<String> values = new ArrayList<>();
            Iterable<String> sent = headers.getAll(KEY);
            if (sent != null) {
                sent.forEach(values::add);
            }
            if (!values.equals(List.of("true"))) {
                call.close(
                        Status.INVALID_ARGUMENT.withDescription(
                                "the metadata workload.spiffe.io: true is missing (SPIFFE Workload Endpoint 3)"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }
}
