/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.AggregatedDiscoveryServiceGrpc;
import io.hanse.wire.xds.DeltaDiscoveryRequest;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Node;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A delta ADS stream to a peer's registry, through a gateway that passes TLS untouched by its SNI: whom we talk to is
 * proved by the registry itself, {@code …/sa/cluster-registry} of the peer's trust domain.
 */
final class GrpcPeerLink implements PeerLink {

    /** The gateway's name for the registry (docs/wires.md). */
    static final String SERVER_NAME = "registry.hanse.internal";

    /** A peer sends at most 2 MiB at once; twice that, for software that is not ours. */
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private final ManagedChannel channel;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Listener listener;

    private GrpcPeerLink(ManagedChannel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    static GrpcPeerLink open(
            MeshIdentity identity, Relationship peer, HostPort gateway, Map<String, String> known, Listener listener) {
        ManagedChannel channel = GrpcChannels.to(
                        gateway, identity, SystemIdentity.CLUSTER_REGISTRY.in(peer.trustDomain()))
                .serverName(SERVER_NAME)
                .maxInboundBytes(MAX_MESSAGE_BYTES)
                .open();
        GrpcPeerLink link = new GrpcPeerLink(channel, listener);
        link.subscribe(known);
        return link;
    }

    private void subscribe(Map<String, String> known) {
        Responses responses = new Responses();
        AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(responses);
        responses.send(DeltaDiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("cluster-registry"))
                .setTypeUrl(ToldResources.ADDRESS)
                .putAllInitialResourceVersions(known)
                .build());
    }

    @Override
    public void close() {
        over.set(true);
        channel.shutdownNow();
    }

    private void end(String why) {
        if (over.compareAndSet(false, true)) {
            channel.shutdownNow();
            listener.ended(why);
        }
    }

    private final class Responses implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

        private Optional<ClientCallStreamObserver<DeltaDiscoveryRequest>> requests = Optional.empty();

        @Override
        public synchronized void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> stream) {
            requests = Optional.of(stream);
        }

        synchronized void send(DeltaDiscoveryRequest request) {
            try {
                requests.ifPresent(stream -> stream.onNext(request));
            } catch (IllegalStateException e) {
                end("stream is closed");
            }
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            if (over.get()) {
                return;
            }
            DeltaDiscoveryRequest.Builder answer = DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(response.getTypeUrl())
                    .setResponseNonce(response.getNonce());
            listener.received(response)
                    .ifPresent(refused -> answer.setErrorDetail(Status.newBuilder()
                            .setCode(Code.INVALID_ARGUMENT_VALUE)
                            .setMessage(refused)));
            send(answer.build());
        }

        @Override
        public void onError(Throwable failure) {
            end(GrpcFailures.describe(failure));
        }

        @Override
        public void onCompleted() {
            end("the peer closed the stream");
        }
    }
}
