/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.grpc.Caller;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.xds.WdsCodec;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A registry that knows one workload and says so to whoever subscribes. */
final class FakeRegistry extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable {

    private final Workload workload;
    private final GrpcServer server;
    private final AtomicReference<String> subscriber = new AtomicReference<>("");

    FakeRegistry(HostPort address, MeshIdentity identity, Workload workload) throws IOException {
        this.workload = workload;
        this.server = GrpcServer.at(address, identity).service(this).build().start();
    }

    /** Who subscribed last, as mutual TLS proved. */
    String subscriber() {
        return subscriber.get();
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> answer) {
        subscriber.set(Caller.required().toString());
        return new StreamObserver<>() {
            @Override
            public void onNext(DeltaDiscoveryRequest request) {
                if (!request.getResponseNonce().isEmpty()) {
                    return;
                }
                DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(request.getTypeUrl())
                        .setNonce(request.getTypeUrl());
                if (request.getTypeUrl().equals(XdsTypes.ADDRESS)) {
                    response.addResources(new WdsCodec("lubeck").encode(workload));
                }
                answer.onNext(response.build());
            }

            @Override
            public void onError(Throwable failure) {
                // The subscriber went away; there is nothing to end.
            }

            @Override
            public void onCompleted() {
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
            }
        };
    }

    @Override
    public void close() {
        server.stop();
        server.drain(Duration.ofSeconds(5));
    }
}
