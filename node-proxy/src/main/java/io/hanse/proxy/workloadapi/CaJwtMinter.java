/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.grpc.FreshChannel;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks spiffe-ca for JWT-SVIDs in the node's name. Blocks for a round trip; any thread. */
public final class CaJwtMinter implements JwtMinter, AutoCloseable {

    /** A signature takes milliseconds; the rest is the network and a queue. */
    private static final long DEADLINE_SECONDS = 5;

    private final FreshChannel channel;

    /** Talks to spiffe-ca as the node. */
    public CaJwtMinter(HostPort ca, TrustDomain trustDomain, MeshIdentity node) {
        this.channel = new FreshChannel(node, GrpcChannels.to(ca, node, SystemIdentity.SPIFFE_CA.in(trustDomain)));
    }

    @Override
    public String mint(SpiffeId workload, List<String> audience) {
        return SvidAuthorityGrpc.newBlockingStub(channel.current())
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .mintJwtSvid(MintJwtSvidRequest.newBuilder()
                        .setSpiffeId(workload.toString())
                        .addAllAudience(audience)
                        .build())
                .getSvid();
    }

    @Override
    public void close() {
        channel.close();
    }
}
