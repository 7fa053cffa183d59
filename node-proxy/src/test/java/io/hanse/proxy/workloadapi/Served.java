/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.telemetry.Logs;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A node of lubeck.example that serves the Workload API on real sockets, and plain gRPC clients of it. */
final class Served implements AutoCloseable {

    static final String AUDIENCE = "spiffe://bergen.example/ns/shop/sa/api";
    static final String OWN_SOCKET = "shop.frontend.sock";
    static final String AGENT = "agent.sock";

    private static final int DEADLINE_SECONDS = 60;

    final TestAuthority lubeck = TestAuthority.of("lubeck.example", InstantSource.system());
    final TestAuthority bergen = TestAuthority.of("bergen.example", InstantSource.system());
    final Map<TestAuthority, KeyPair> jwtKeys =
            Map.of(lubeck, TestAuthority.ecKeys("secp256r1"), bergen, TestAuthority.ecKeys("secp256r1"));
    final SpiffeId frontend = new SpiffeId(lubeck.trustDomain(), "/ns/shop/sa/frontend");
    final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    final BundleCell bundles = new BundleCell(bundles(lubeck, bergen));
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Path sockets;
    final WorkloadApi api;

    private final SystemScheduler scheduler = new SystemScheduler();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    Served(Path sockets) {
        this(sockets, CallLimits.usual(), Ticker.system());
    }

    Served(Path sockets, CallLimits limits, Ticker ticker) {
        Logs.begin(); // as a process does
        this.sockets = sockets;
        svids.put(frontend, svid(lubeck.svid(frontend)));
        api = new WorkloadApi(
                sockets,
                lubeck.trustDomain(),
                id -> Optional.ofNullable(svids.get(id)),
                bundles,
                (id, audience) -> token(lubeck, id, audience),
                new CallAdmission(limits, metrics, ticker),
                scheduler,
                InstantSource.system());
        api.publish(List.of(workload("frontend", List.of())));
    }

    /** What a client does. */
    interface Asking {
        void ask(SpiffeWorkloadAPIBlockingStub stub);
    }

    /** Asks over a connection of its own, with the header. */
    void ask(String socket, Asking asking) {
        ask(socket, header("true"), asking);
    }

    void ask(String socket, Metadata headers, Asking asking) {
        try (Connection connection = connect(socket)) {
            asking.ask(connection.stub(headers));
        }
    }

    /** A connection that the test ends. */
    Connection connect(String socket) {
        return new Connection(sockets.resolve(socket), group);
    }

    /** One connection of a client. */
    record Connection(ManagedChannel channel) implements AutoCloseable {

        Connection(Path socket, EventLoopGroup group) {
            this(NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                    .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                    .eventLoopGroup(group)
                    .usePlaintext()
                    .build());
        }

        SpiffeWorkloadAPIBlockingStub stub() {
            return stub(header("true"));
        }

        SpiffeWorkloadAPIBlockingStub stub(Metadata headers) {
            return SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        void hangUp() {
            channel.shutdownNow();
        }

        @Override
        public void close() {
            hangUp();
        }
    }

    static Metadata header(String... values) {
        Metadata headers = new Metadata();
        for (String value : values) {
            headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), value);
        }
        return headers;
    }

    static void assertStatus(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    /** How many were shed because of a limit. */
    double shed(CallLimits.Name limit) {
        FunctionCounter counter = metrics.find("hanse.workload.api.shed")
                .tag("limit", limit.label())
                .functionCounter();
        return counter == null ? 0 : counter.count();
    }

    BundleMap bundles(TestAuthority... authorities) {
        BundleMap map = BundleMap.empty();
        for (TestAuthority authority : authorities) {
            map = map.with(new TrustBundle(
                    authority.trustDomain(),
                    List.of(authority.certificate()),
                    List.of(new JwtAuthority("k1", keysOf(authority).getPublic())),
                    OptionalLong.empty(),
                    Optional.empty()));
        }
        return map;
    }

    /** A good token of a subject, signed by an authority that need not be the subject's. */
    String token(TestAuthority signer, SpiffeId subject, List<String> audience) {
        return signed(
                signer,
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWTClaimsSet.Builder()
                        .subject(subject.toString())
                        .audience(audience)
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .claim("colour", "blue")
                        .build());
    }

    /** A token of frontend with a header and an end of the test's choice. */
    String token(JWSHeader header, Instant expires) {
        return signed(
                lubeck,
                header,
                new JWTClaimsSet.Builder()
                        .subject(frontend.toString())
                        .audience(AUDIENCE)
                        .expirationTime(Date.from(expires))
                        .build());
    }

    private String signed(TestAuthority signer, JWSHeader header, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner((ECPrivateKey) keysOf(signer).getPrivate()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyPair keysOf(TestAuthority authority) {
        return Objects.requireNonNull(jwtKeys.get(authority));
    }

    static X509Svid svid(TestSvid svid) {
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new IllegalStateException(e);
        }
    }

    static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Workload workload(String name, List<String> selectors) {
        return workload(name, "frontend", selectors);
    }

    /** A workload of the node with a service account and selectors. */
    Workload workload(String name, String account, List<String> selectors) {
        return new Workload(
                "lubeck/hanse.io/Workload/shop/" + name,
                name,
                "shop",
                account,
                lubeck.trustDomain(),
                new ClusterName("lubeck"),
                "lubeck",
                "a",
                List.of(),
                Locality.UNKNOWN,
                true,
                1,
                new TreeMap<>(),
                List.of(),
                Optional.empty(),
                Optional.of(new NodeDuties(selectors, List.of(), List.of())));
    }

    @Override
    public void close() {
        api.drain(Duration.ofSeconds(2));
        scheduler.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
