/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
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
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.ValidateJWTSVIDRequest;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.hanse.wire.spiffe.X509SVIDResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.Watcher;
import io.spiffe.workloadapi.WorkloadApiClient;
import io.spiffe.workloadapi.X509Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Workload API on real sockets, asked by java-spiffe and by plain gRPC. */
final class WorkloadApiTest {

    private static final String AUDIENCE = "spiffe://bergen.example/ns/shop/sa/api";

    private final TestAuthority lubeck = TestAuthority.of("lubeck.example", InstantSource.system());
    private final TestAuthority bergen = TestAuthority.of("bergen.example", InstantSource.system());
    private final KeyPair jwtKeys = TestAuthority.ecKeys("secp256r1");
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Map<SpiffeId, X509Svid> svids = new ConcurrentHashMap<>();
    private final BundleCell bundles = new BundleCell(bundles(lubeck, bergen));
    private final SpiffeId frontend = new SpiffeId(lubeck.trustDomain(), "/ns/shop/sa/frontend");
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @TempDir
    private Path run;

    private WorkloadApi api;
    private X509Svid first;

    @BeforeEach
    void serve() throws Exception {
        first = svid(lubeck.svid(frontend));
        svids.put(frontend, first);
        api = new WorkloadApi(
                run,
                lubeck.trustDomain(),
                id -> Optional.ofNullable(svids.get(id)),
                bundles,
                this::mint,
                scheduler,
                InstantSource.system());
        api.publish(List.of(workload("frontend", List.of())));
    }

    @AfterEach
    void stop() {
        api.drain(Duration.ofSeconds(2));
        scheduler.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    @DisplayName("WL-5.2.1a WL-5.2.2 java-spiffe fetches SVID, key, own and federated bundles")
    void javaSpiffeFetches() throws Exception {
        try (WorkloadApiClient client = javaSpiffe()) {
            X509Context context = client.fetchX509Context();
            assertThat(context.getDefaultSvid().getSpiffeId().toString()).isEqualTo(frontend.toString());
            assertThat(context.getDefaultSvid().getLeaf()).isEqualTo(first.leaf());
            assertThat(context.getX509BundleSet().getBundles().keySet())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder("lubeck.example", "bergen.example");
        }
    }

    @Test
    @DisplayName("WL-4.3a a renewed SVID and a withdrawn bundle are pushed as full state")
    void pushesChanges() throws Exception {
        BlockingQueue<X509Context> seen = new LinkedBlockingQueue<>();
        try (WorkloadApiClient client = javaSpiffe()) {
            client.watchX509Context(new Watcher<>() {
                @Override
                public void onUpdate(X509Context update) {
                    seen.add(update);
                }

                @Override
                public void onError(Throwable e) {
                    // The next update is what counts.
                }
            });
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isNotNull();
            X509Svid renewed = svid(lubeck.svid(frontend));
            svids.put(frontend, renewed);
            api.changed();
            X509Context second = seen.poll(20, TimeUnit.SECONDS);
            assertThat(second).isNotNull();
            assertThat(second.getDefaultSvid().getLeaf()).isEqualTo(renewed.leaf());
            bundles.publish(bundles(lubeck));
            api.changed();
            X509Context third = seen.poll(20, TimeUnit.SECONDS);
            assertThat(third).isNotNull();
            assertThat(third.getX509BundleSet().getBundles()).hasSize(1);
        }
    }

    @Test
    @DisplayName("WL-6.2.1 WL-6.2.3 java-spiffe fetches a JWT-SVID and has it validated")
    void javaSpiffeFetchesTokens() throws Exception {
        try (WorkloadApiClient client = javaSpiffe()) {
            var token = client.fetchJwtSvid(AUDIENCE);
            assertThat(token.getSpiffeId().toString()).isEqualTo(frontend.toString());
            assertThat(client.validateJwtSvid(token.getToken(), AUDIENCE)
                            .getSpiffeId()
                            .toString())
                    .isEqualTo(frontend.toString());
        }
    }

    @Test
    @DisplayName("JWT-3.2 JWT-3.3 JWT-2 ValidateJWTSVID refuses, each with its reason")
    void refusesTokens() {
        assertRefused(mint(frontend, List.of("somebody-else")), "TOKEN_AUDIENCE");
        assertRefused(
                token(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                        Instant.now().minusSeconds(120)),
                "TOKEN_EXPIRED");
        assertRefused(
                token(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k2").build(),
                        Instant.now().plusSeconds(60)),
                "TOKEN_KEY_UNKNOWN");
        assertRefused(
                token(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).build(),
                        Instant.now().plusSeconds(60)),
                "TOKEN_HEADER");
        assertRefused(
                token(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID("k1")
                                .type(new JOSEObjectType("wit+jwt"))
                                .build(),
                        Instant.now().plusSeconds(60)),
                "TOKEN_HEADER");
        assertRefused("eyJhbGciOiJub25lIn0.e30.", "TOKEN_");
        assertRefused("not a token", "TOKEN_MALFORMED");
        String good = mint(frontend, List.of(AUDIENCE));
        char last = good.charAt(good.length() - 10);
        String bent =
                good.substring(0, good.length() - 10) + (last == 'A' ? 'B' : 'A') + good.substring(good.length() - 9);
        assertRefused(bent, "TOKEN_SIGNATURE");
    }

    @ParameterizedTest(name = "WE-3b header value {0} is refused INVALID_ARGUMENT before anything else")
    @ValueSource(strings = {"", "True", "1", "true,true"})
    void demandsTheHeader(String value) {
        Metadata headers = new Metadata();
        for (String each : value.split(",", -1)) {
            if (!each.isEmpty()) {
                headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), each);
            }
        }
        withStub("workloads/shop.frontend.sock", headers, stub -> {
            assertStatus(
                    Status.Code.INVALID_ARGUMENT,
                    () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                            .next());
            assertStatus(Status.Code.INVALID_ARGUMENT, () -> stub.fetchJWTSVID(JWTSVIDRequest.getDefaultInstance()));
        });
    }

    @Test
    @DisplayName("WL-4.5 WL-6.2.1 bad questions are INVALID_ARGUMENT, foreign identities PERMISSION_DENIED")
    void refusesBadQuestions() {
        withStub("workloads/shop.frontend.sock", header(), stub -> {
            assertStatus(Status.Code.INVALID_ARGUMENT, () -> stub.fetchJWTSVID(JWTSVIDRequest.getDefaultInstance()));
            assertStatus(
                    Status.Code.INVALID_ARGUMENT,
                    () -> stub.fetchJWTSVID(JWTSVIDRequest.newBuilder()
                            .addAudience("a")
                            .setSpiffeId("not an id")
                            .build()));
            assertStatus(
                    Status.Code.PERMISSION_DENIED,
                    () -> stub.fetchJWTSVID(JWTSVIDRequest.newBuilder()
                            .addAudience("a")
                            .setSpiffeId("spiffe://lubeck.example/ns/shop/sa/other")
                            .build()));
            assertStatus(
                    Status.Code.INVALID_ARGUMENT,
                    () -> stub.validateJWTSVID(ValidateJWTSVIDRequest.getDefaultInstance()));
        });
    }

    @Test
    @DisplayName("WL-6.2.2 JWT bundles hold jwt-svid keys only, the own trust domain's among them")
    void jwtBundlesHoldJwtKeysOnly() {
        withStub("workloads/shop.frontend.sock", header(), stub -> {
            var response =
                    stub.fetchJWTBundles(JWTBundlesRequest.getDefaultInstance()).next();
            assertThat(response.getBundlesMap()).containsKey("spiffe://lubeck.example");
            assertThat(response.getBundlesOrThrow("spiffe://lubeck.example").toStringUtf8())
                    .contains("k1")
                    .doesNotContain("x5c");
        });
    }

    @Test
    @DisplayName("WL-5.2.1c a caller that is nobody is refused, and one that loses its identity mid-stream")
    void refusesNobody() {
        withStub(
                "agent.sock",
                header(),
                stub -> assertStatus(
                        Status.Code.PERMISSION_DENIED,
                        () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .next()));
        api.publish(List.of(workload("frontend", List.of("uid:" + uid()))));
        withStub("agent.sock", header(), stub -> {
            Iterator<X509SVIDResponse> stream = stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance());
            assertThat(stream.next().getSvids(0).getSpiffeId()).isEqualTo(frontend.toString());
            api.publish(List.of(workload("frontend", List.of("uid:4242"))));
            assertStatus(Status.Code.PERMISSION_DENIED, stream::next);
        });
    }

    @Test
    @DisplayName("WE-5 selectors are facts of the caller: path and sha256 of its executable; unknown kinds never hold")
    void attestsByFacts() throws Exception {
        String executable = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
        api.publish(List.of(workload("frontend", List.of("uid:" + uid(), "path:" + executable))));
        withStub(
                "agent.sock",
                header(),
                stub -> assertThat(stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .next()
                                .getSvidsCount())
                        .isOne());
        for (String wrong : List.of("path:/bin/other", "sha256:00", "colour:blue")) {
            api.publish(List.of(workload("frontend", List.of("uid:" + uid(), wrong))));
            withStub(
                    "agent.sock",
                    header(),
                    stub -> assertStatus(
                            Status.Code.PERMISSION_DENIED,
                            () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                    .next()));
        }
    }

    @Test
    void sessionsEndWithUnavailableAndSocketsGo() {
        withStub("workloads/shop.frontend.sock", header(), stub -> {
            Iterator<X509SVIDResponse> stream = stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance());
            assertThat(stream.next().getSvidsCount()).isOne();
            api.drain(Duration.ofSeconds(2));
            assertStatus(Status.Code.UNAVAILABLE, stream::next);
        });
        assertThat(run.resolve("workloads/shop.frontend.sock")).doesNotExist();
    }

    @Test
    void aPathTooLongForASocketIsAProblemAndTheOthersServe() {
        api.publish(List.of(workload("frontend", List.of()), workload("x".repeat(120), List.of())));
        assertThat(api.problems().values()).singleElement().asString().contains("at most 107");
        withStub(
                "workloads/shop.frontend.sock",
                header(),
                stub -> assertThat(stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                                .hasNext())
                        .isTrue());
    }

    private void assertRefused(String token, String reason) {
        withStub(
                "workloads/shop.frontend.sock",
                header(),
                stub -> assertThatThrownBy(() -> stub.validateJWTSVID(ValidateJWTSVIDRequest.newBuilder()
                                .setAudience(AUDIENCE)
                                .setSvid(token)
                                .build()))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("INVALID_ARGUMENT")
                        .hasMessageContaining(reason));
    }

    private static void assertStatus(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private interface Asking {
        void ask(SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub stub);
    }

    private void withStub(String socket, Metadata headers, Asking asking) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new DomainSocketAddress(run.resolve(socket).toFile()))
                .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .build();
        try {
            asking.ask(SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(30, TimeUnit.SECONDS));
        } finally {
            channel.shutdownNow();
        }
    }

    private static Metadata header() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), "true");
        return headers;
    }

    private WorkloadApiClient javaSpiffe() throws Exception {
        return DefaultWorkloadApiClient.newClient(DefaultWorkloadApiClient.ClientOptions.builder()
                .spiffeSocketPath("unix:" + run.resolve("workloads/shop.frontend.sock"))
                .build());
    }

    private BundleMap bundles(TestAuthority... authorities) {
        BundleMap map = BundleMap.empty();
        for (TestAuthority authority : authorities) {
            map = map.with(new TrustBundle(
                    authority.trustDomain(),
                    List.of(authority.certificate()),
                    authority == lubeck ? List.of(new JwtAuthority("k1", jwtKeys.getPublic())) : List.of(),
                    OptionalLong.empty(),
                    Optional.empty()));
        }
        return map;
    }

    private String mint(SpiffeId subject, List<String> audience) {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWTClaimsSet.Builder()
                        .subject(subject.toString())
                        .audience(audience)
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
    }

    private String token(JWSHeader header, Instant expires) {
        return signed(
                header,
                new JWTClaimsSet.Builder()
                        .subject(frontend.toString())
                        .audience(AUDIENCE)
                        .expirationTime(Date.from(expires))
                        .build());
    }

    private String signed(JWSHeader header, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner((ECPrivateKey) jwtKeys.getPrivate()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Svid svid(TestSvid svid) throws Exception {
        return X509Svid.of(svid.chain(), svid.key());
    }

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Workload workload(String name, List<String> selectors) {
        return new Workload(
                "lubeck/hanse.io/Workload/shop/" + name,
                name,
                "shop",
                "frontend",
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
}
