/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.JwtSvidVerifier;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.SvidSource;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lubeck's JWT authority rotates while somebody in bergen validates lubeck's JWT-SVIDs without a pause, with the JWT
 * bundles that bergen's exchange fetched over SPIFFE Federation and streams.
 */
final class JwtAuthorityRotationTest {

    private static final String AUDIENCE = "spiffe://bergen.example/ns/shop/sa/api";
    private static final int CALLERS = 4;

    /** Between two tokens of a caller: together they stay below the 500 a second that spiffe-ca signs for one identity. */
    private static final long PACE_MILLIS = 10;

    @TempDir
    private Path directory;

    private final SystemScheduler scheduler = new SystemScheduler();
    private final AtomicReference<BundleMap> bergensView = new AtomicReference<>(BundleMap.empty());
    private Vertx vertx;
    private LiveTrust lubeck;
    private LiveTrust bergen;
    private ManagedChannel minting;
    private ManagedChannel listening;
    private SpiffeId subject;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        lubeck = new LiveTrust("lubeck", directory, vertx, scheduler);
        bergen = new LiveTrust("bergen", directory, vertx, scheduler);
        introduce();
        CertificateClient.Issued node = lubeck.join("a");
        subject = node.svid().id();
        minting = GrpcChannels.to(
                        lubeck.address("certificates"), identity(node), SystemIdentity.SPIFFE_CA.in(lubeck.trustDomain))
                .open();
        listening = GrpcChannels.to(
                        bergen.address("trust stream"),
                        identity(bergen.join("a")),
                        SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(bergen.trustDomain))
                .workloadApi()
                .open();
        SpiffeWorkloadAPIGrpc.newStub(listening)
                .fetchJWTBundles(JWTBundlesRequest.getDefaultInstance(), new Validator());
        LiveTrust.until(
                "lubeck's JWT keys in bergen",
                () -> bergensView.get().of(lubeck.trustDomain).isPresent());
    }

    @AfterEach
    void close() {
        minting.shutdownNow();
        listening.shutdownNow();
        bergen.close();
        lubeck.close();
        scheduler.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static MeshIdentity identity(CertificateClient.Issued issued) {
        return new MeshIdentity(
                SvidSource.fixed(issued.svid()),
                BundleSource.fixed(BundleMap.empty().with(issued.roots())),
                LiveTrust.CLOCK);
    }

    /** Bergen trusts lubeck, by hand, with lubeck's bundle of now. */
    private void introduce() {
        bergen.exchange(
                "POST",
                "/v1/static-relationships",
                Json.text(Map.of(
                        "trustDomain",
                        lubeck.trustDomain.name(),
                        "url",
                        "https://" + lubeck.address("bundle endpoint") + "/",
                        "profile",
                        "https_spiffe",
                        "endpointSpiffeId",
                        SystemIdentity.TRUST_BUNDLE_EXCHANGE
                                .in(lubeck.trustDomain)
                                .toString(),
                        "bundle",
                        lubeck.exchange("GET", "/v1/bundles/" + lubeck.trustDomain.name(), ""))));
    }

    private String mint() {
        return SvidAuthorityGrpc.newBlockingStub(minting)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .mintJwtSvid(MintJwtSvidRequest.newBuilder()
                        .setSpiffeId(subject.toString())
                        .addAudience(AUDIENCE)
                        .build())
                .getSvid();
    }

    private JwtVerification validate(String token) {
        return JwtSvidVerifier.verify(token, bergensView.get(), AUDIENCE, LiveTrust.CLOCK.instant());
    }

    private boolean bergenKnows(String keyId) {
        return bergensView.get().of(lubeck.trustDomain).stream()
                .flatMap(bundle -> bundle.jwtAuthorities().stream())
                .anyMatch(key -> key.keyId().equals(keyId));
    }

    private String keyIn(String state) {
        for (JsonNode one : lubeck.ca("GET", "/v1/authorities", "").path("jwt")) {
            if (one.path("state").asText().equals(state)) {
                return one.path("keyId").asText();
            }
        }
        throw new AssertionError("no JWT authority is " + state);
    }

    @Test
    @DisplayName(
            "FED-4.1 prepared, activated, tainted: no valid JWT-SVID is refused by a peer; revoked: every one of that key is")
    void noValidTokenIsRefusedBeforeTheRevocationAndNoneOfThatKeyIsTakenAfter() throws Exception {
        Load load = new Load();
        String oldKey = keyIn("active");
        List<String> old = List.of(mint(), mint(), mint());
        old.forEach(load.tokens::add);
        load.start();

        lubeck.ca("POST", "/v1/authorities/jwt/prepare", "");
        String newKey = keyIn("prepared");
        LiveTrust.until(
                "activated after three refresh hints", () -> lubeck.caDoes("POST", "/v1/authorities/jwt/activate", ""));
        assertThat(bergenKnows(newKey)).as("seen by the peer before it signs").isTrue();
        List<String> fresh = List.of(mint(), mint(), mint());
        fresh.forEach(load.tokens::add);
        load.validatesAtLeast(200);
        lubeck.ca("POST", "/v1/authorities/jwt/taint", Json.text(Map.of("keyId", oldKey)));
        load.validatesAtLeast(200);
        assertThat(load.refused).as("before the revocation").isEmpty();
        assertThat(old).allSatisfy(token -> assertThat(validate(token)).isInstanceOf(JwtVerification.Genuine.class));

        // Old tokens are refused from now on, sooner or later: the load goes on with those of the new key.
        load.tokens.removeAll(old);
        load.only(newKey);
        lubeck.ca("POST", "/v1/authorities/jwt/revoke", Json.text(Map.of("keyId", oldKey, "force", true)));
        LiveTrust.until("the revoked key leaves bergen", () -> !bergenKnows(oldKey));
        for (String token : old) {
            assertThat(validate(token))
                    .isInstanceOfSatisfying(
                            JwtVerification.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReasonCode.TOKEN_KEY_UNKNOWN));
        }
        load.validatesAtLeast(200);
        load.stop();
        assertThat(load.refused).as("tokens of the new key, all along").isEmpty();
        assertThat(validate(mint())).isInstanceOf(JwtVerification.Genuine.class);
    }

    /** Mints and validates without a pause. */
    private final class Load {

        private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
        private final Queue<String> refused = new ConcurrentLinkedQueue<>();
        private final AtomicInteger validated = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

        void start() {
            for (int i = 0; i < CALLERS; i++) {
                threads.execute(this::run);
            }
        }

        private void run() {
            while (!over.get()) {
                check(mint());
                tokens.forEach(this::check);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PACE_MILLIS));
            }
        }

        private void check(String token) {
            if (validate(token) instanceof JwtVerification.Refused no) {
                refused.add(no.reason() + ": " + no.detail());
            }
            validated.incrementAndGet();
        }

        /** Waits until so many more were validated. */
        void validatesAtLeast(int more) throws InterruptedException {
            int goal = validated.get() + more;
            LiveTrust.until(goal + " validations", () -> validated.get() >= goal);
        }

        /** What was minted before {@code keyId} signed is no longer on its way. */
        void only(String keyId) throws InterruptedException {
            assertThat(keyIn("active")).isEqualTo(keyId);
            validatesAtLeast(CALLERS * (tokens.size() + 1) * 2);
        }

        void stop() throws InterruptedException {
            over.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Takes over what bergen's exchange streams; a message that cannot be read is no message. */
    private final class Validator implements StreamObserver<JWTBundlesResponse> {

        @Override
        public void onNext(JWTBundlesResponse message) {
            BundleMap map = BundleMap.empty();
            for (Map.Entry<String, ByteString> one : message.getBundlesMap().entrySet()) {
                TrustDomain domain = new TrustDomain(one.getKey().substring("spiffe://".length()));
                try {
                    map = map.with(
                            BundleJson.parseJwtKeys(domain, one.getValue().toByteArray()));
                } catch (MalformedBundle e) {
                    throw new IllegalStateException(e);
                }
            }
            bergensView.set(map);
        }

        @Override
        public void onError(Throwable failure) {
            bergensView.set(BundleMap.empty());
        }

        @Override
        public void onCompleted() {
            bergensView.set(BundleMap.empty());
        }
    }
}
