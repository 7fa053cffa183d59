/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.transport.tls.PeerCheck;
import io.netty.channel.ChannelOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC channel over TLS 1.3 to one address, whose far end must prove an expected identity. A channel connects when it
 * is used and again when it breaks; shut it down with {@link ManagedChannel#shutdownNow()}.
 */
public final class GrpcChannels {

    /** Milliseconds; a name that resolves but does not answer. */
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private static final Metadata.Key<String> WORKLOAD_API =
            Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

    private final HostPort address;
    private final MeshIdentity identity;
    private final PeerCheck expected;
    private Optional<String> serverName = Optional.empty();
    private int maxInboundBytes = GrpcLimits.USUAL_INBOUND_BYTES;
    private boolean workloadApi;

    private GrpcChannels(HostPort address, MeshIdentity identity, PeerCheck expected) {
        this.address = address;
        this.identity = identity;
        this.expected = expected;
    }

    /** Begins a channel to an address where {@code expected} answers. */
    public static GrpcChannels to(HostPort address, MeshIdentity identity, SpiffeId expected) {
        return new GrpcChannels(address, identity, PeerCheck.exactly(expected));
    }

    /** The SNI to send, e.g. {@code registry.hanse.internal} through a gateway; default: none for an IP address. */
    public GrpcChannels serverName(String name) {
        this.serverName = Optional.of(name);
        return this;
    }

    /** The bound on one message; default 4 MiB. */
    public GrpcChannels maxInboundBytes(int bytes) {
        this.maxInboundBytes = bytes;
        return this;
    }

    /** Sends {@code workload.spiffe.io: true} with every call, as the Workload API demands (Workload Endpoint 3). */
    public GrpcChannels workloadApi() {
        this.workloadApi = true;
        return this;
    }

    /** Opens it; the first call connects. */
    public ManagedChannel open() {
        WatchedChannel watched = new WatchedChannel(identity.liveTrust());
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port())
                .sslContext(GrpcTls.client(identity, expected))
                .executor(GrpcTls.VIRTUAL_THREADS)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .keepAliveTime(GrpcLimits.KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(GrpcLimits.KEEPALIVE_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(maxInboundBytes)
                .maxInboundMetadataSize(GrpcLimits.MAX_METADATA_BYTES)
                .addTransportFilter(watched)
                .intercept(watched)
                .disableRetry();
        serverName.ifPresent(builder::overrideAuthority);
        if (workloadApi) {
            Metadata headers = new Metadata();
            headers.put(WORKLOAD_API, "true");
            builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        ManagedChannel channel = builder.build();
        watched.isOf(channel);
        return channel;
    }
}
