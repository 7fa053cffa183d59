/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.grpc.ManagedChannel;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.xds.DeltaStream;
import io.hanse.runtime.xds.ResourceSink;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.xds.Node;
import io.hanse.wire.xds.Resource;
import java.util.List;
import java.util.Map;

/**
 * A delta ADS stream to a peer's registry, through a gateway that passes TLS untouched by its SNI: whom we talk to is
 * proved by the registry itself, {@code …/sa/cluster-registry} of the peer's trust domain.
 */
final class GrpcPeerLink {

    /** The gateway's name for the registry (docs/wires.md). */
    static final String SERVER_NAME = "registry.hanse.internal";

    /** A peer sends at most 2 MiB at once; twice that, for software that is not ours. */
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private static final Node SELF = Node.newBuilder().setId("cluster-registry").build();

    private GrpcPeerLink() {}

    static PeerLink open(
            MeshIdentity identity,
            Relationship peer,
            HostPort gateway,
            Map<String, String> known,
            PeerLink.Listener listener) {
        ManagedChannel channel = GrpcChannels.to(
                        gateway, identity, SystemIdentity.CLUSTER_REGISTRY.in(peer.trustDomain()))
                .serverName(SERVER_NAME)
                .maxInboundBytes(MAX_MESSAGE_BYTES)
                .open();
        return DeltaStream.open(channel, SELF, List.of(new Addresses(known, listener)), new Ends(listener))::close;
    }

    private record Addresses(Map<String, String> versions, PeerLink.Listener listener) implements ResourceSink {

        @Override
        public String typeUrl() {
            return XdsTypes.ADDRESS;
        }

        @Override
        public List<Rejection> apply(List<Resource> resources, List<String> removed) {
            return listener.received(resources, removed).stream()
                    .map(refusal -> new Rejection(refusal.resource(), refusal.reason() + ": " + refusal.why()))
                    .toList();
        }
    }

    private record Ends(PeerLink.Listener listener) implements DeltaStream.Listener {

        @Override
        public void onTaken() {
            // The sink has heard it.
        }

        @Override
        public void onSynced() {
            // Every message counts alike.
        }

        @Override
        public void onEnded(Throwable why) {
            listener.ended(GrpcFailures.describe(why));
        }
    }
}
