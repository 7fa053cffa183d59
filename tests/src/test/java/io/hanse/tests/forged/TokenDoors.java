/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.proxy.workloadapi.CallAdmission;
import io.hanse.proxy.workloadapi.CallLimits;
import io.hanse.proxy.workloadapi.WorkloadApi;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.tests.forged.TokenForgeries.Token;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.ValidateJWTSVIDRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Where JWT-SVIDs are judged. */
final class TokenDoors {

    private TokenDoors() {}

    static TokenTarget target(SpiffeId subject, String audience) {
        return new TokenTarget(
                TestAuthority.of(subject.trustDomain().name()), TestAuthority.of(Target.NEIGHBOUR), subject, audience);
    }

    /** node-proxy: ValidateJWTSVID, asked by a workload over its own socket. */
    static Door<Token> workloadApi(Path directory) throws Exception {
        String audience = "spiffe://lubeck.example/ns/shop/sa/api";
        TokenTarget target = target(SpiffeId.ofServiceAccount(ServerDoors.VISBY, "shop", "web"), audience);
        TestAuthority own = TestAuthority.of(ServerDoors.LUBECK.name());
        BundleCell bundles = new BundleCell(target.bundles().with(own.bundle()));
        SystemScheduler scheduler = new SystemScheduler();
        X509Svid svid = ServerDoors.svid(SpiffeId.ofServiceAccount(ServerDoors.LUBECK, "shop", "api"));
        WorkloadApi api = new WorkloadApi(
                directory,
                ServerDoors.LUBECK,
                id -> Optional.of(svid),
                bundles,
                (id, meantFor) -> "",
                new CallAdmission(CallLimits.usual(), new SimpleMeterRegistry(), Until.HASTY),
                scheduler,
                ServerDoors.CLOCK);
        Workload workload = workload();
        api.publish(List.of(workload));
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Metadata header = new Metadata();
        header.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), "true");
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new DomainSocketAddress(api.socketOf(workload).toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(header))
                .build();
        return door(
                "Workload API",
                token -> {
                    try {
                        SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(Until.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                                        .setAudience(audience)
                                        .setSvid(token.apply(target))
                                        .build());
                        return ReasonCode.OK;
                    } catch (StatusRuntimeException e) {
                        return ClientDoor.codeOf(String.valueOf(e.getStatus().getDescription()));
                    }
                },
                () -> {
                    channel.shutdownNow();
                    api.drain(Duration.ofMillis(100));
                    scheduler.close();
                    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
                });
    }

    /** trust-bundle-exchange: a peer's farewell, over HTTPS. A genuine one ends the relationship, which is then made anew. */
    static Door<Token> farewell(LiveExchange exchange) {
        TokenTarget target = target(
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(ServerDoors.VISBY),
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(ServerDoors.LUBECK).toString());
        return door(
                "farewell",
                token -> {
                    exchange.befriend(target.bundles().without(ServerDoors.LUBECK));
                    return exchange.farewell("Bearer " + token.apply(target));
                },
                () -> {});
    }

    private static Workload workload() {
        return new Workload(
                "lubeck/hanse.io/Workload/shop/api",
                "api",
                "shop",
                "api",
                ServerDoors.LUBECK,
                new ClusterName("lubeck"),
                "lubeck",
                "a",
                List.of(),
                new Locality("", "", ""),
                true,
                1,
                new TreeMap<>(),
                List.of(),
                Optional.empty(),
                Optional.of(new NodeDuties(List.of(), List.of(), List.of())));
    }

    /** How a door shows something. */
    @FunctionalInterface
    interface Show<A> {
        ReasonCode show(A artefact) throws Exception;
    }

    static <A> Door<A> door(String name, Show<A> show, AutoCloseable stop) {
        return new Door<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ReasonCode show(A artefact) throws Exception {
                return show.show(artefact);
            }

            @Override
            public void end() throws Exception {
                stop.close();
            }
        };
    }
}
