/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.time.ManualClock;
import io.hanse.wire.hanseca.Authority;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import io.hanse.wire.hanseca.WatchAuthoritiesRequest;
import io.hanse.wire.hanseca.WatchAuthoritiesResponse;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.JWTSVIDResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle streams and WatchAuthorities over real mutual TLS. */
final class StreamsTest {

    private static final Metadata.Key<String> WORKLOAD =
            Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);
    private static final String KEY = "spiffe://lubeck.example";

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();
    private LiveCa live;
    private ManagedChannel exchange;

    @BeforeEach
    void start() throws Exception {
        live = LiveCa.start(directory, clock);
        exchange = live.channel(
                CertificateClient.join(live.token(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(TestCa.TRUST_DOMAIN)), clock)
                        .svid());
    }

    @AfterEach
    void stop() {
        live.close();
    }

    @Test
    @DisplayName("WL-4.3a WL-4.3b WL-5.2.2 the whole bundle at once, and the whole again on each change")
    void pushesX509Bundles() throws Exception {
        Events<X509BundlesResponse> events = x509(exchange, header("true"));
        assertThat(roots(events.next())).isEqualTo(1);
        live.ca.authorities.prepare(AuthorityKind.X509);
        assertThat(roots(events.next())).isEqualTo(2);
        live.ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        assertThat(roots(events.next())).isEqualTo(2);
        live.ca.authorities.taint(AuthorityKind.X509, Optional.empty());
        assertThat(roots(events.next())).isEqualTo(2);
        live.ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), true);
        assertThat(events.lastWords()).contains("TRUST_WITHDRAWN"); // begun with an SVID of the root that went
    }

    @Test
    @DisplayName("WL-6.2.2 JWT keys of the own trust domain, and no X.509 keys among them")
    void pushesJwtBundles() throws Exception {
        Events<JWTBundlesResponse> events = new Events<>();
        SpiffeWorkloadAPIGrpc.newStub(exchange)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(header("true")))
                .fetchJWTBundles(JWTBundlesRequest.getDefaultInstance(), events);
        JWTBundlesResponse first = events.next();
        assertThat(first.getBundlesMap()).containsOnlyKeys(KEY);
        String json = first.getBundlesOrThrow(KEY).toStringUtf8();
        assertThat(json)
                .contains(live.ca.authorities.signer(AuthorityKind.JWT).keyId())
                .doesNotContain("x5c");
        live.ca.authorities.prepare(AuthorityKind.JWT);
        assertThat(BundleJson.parseJwtKeys(
                                TestCa.TRUST_DOMAIN,
                                events.next().getBundlesOrThrow(KEY).toByteArray())
                        .jwtAuthorities())
                .hasSize(2);
    }

    @Test
    @DisplayName("WE-3b refuses a call without workload.spiffe.io: true, exactly once, exactly so")
    void refusesWithoutTheHeader() throws Exception {
        Metadata twice = header("true");
        twice.put(WORKLOAD, "true");
        for (Metadata wrong : List.of(new Metadata(), header("True"), header("1"), twice)) {
            Status status = x509(exchange, wrong).end();
            assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription()).startsWith("HEADER_MISSING: ");
        }
    }

    @Test
    void refusesAStranger() throws Exception {
        assertThat(x509(live.stranger(), header("true")).end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(watch(live.stranger()).end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aStreamEndsWithUnavailableAndNeverWithOk() throws Exception {
        Events<X509BundlesResponse> bundles = x509(exchange, header("true"));
        Events<WatchAuthoritiesResponse> states = watch(exchange);
        bundles.next();
        states.next();
        live.drain();
        assertThat(bundles.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(states.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    @DisplayName("WE-6 a method that is a node's answers UNIMPLEMENTED")
    void otherMethodsAreUnimplemented() throws Exception {
        Events<JWTSVIDResponse> events = new Events<>();
        SpiffeWorkloadAPIGrpc.newStub(exchange)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(header("true")))
                .fetchJWTSVID(JWTSVIDRequest.getDefaultInstance(), events);
        assertThat(events.end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void statesOfAuthoritiesArePushed() throws Exception {
        String first = live.ca.authorities.signer(AuthorityKind.X509).keyId();
        Events<WatchAuthoritiesResponse> events = watch(exchange);
        assertThat(states(events.next())).containsExactly(Authority.State.ACTIVE);
        live.ca.authorities.prepare(AuthorityKind.X509);
        assertThat(states(events.next())).containsExactly(Authority.State.ACTIVE, Authority.State.PREPARED);
        live.ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        assertThat(states(events.next())).containsExactly(Authority.State.RETIRING, Authority.State.ACTIVE);
        live.ca.authorities.taint(AuthorityKind.X509, Optional.empty());
        WatchAuthoritiesResponse tainted = events.next();
        assertThat(states(tainted)).containsExactly(Authority.State.TAINTED, Authority.State.ACTIVE);
        assertThat(tainted.getX509(0).getKeyId()).isEqualTo(first);
        live.ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), true);
        assertThat(events.lastWords()).contains("TRUST_WITHDRAWN"); // begun with an SVID of the root that went
    }

    @Test
    void streamsOfOneCallerAreBounded() throws Exception {
        for (int i = 0; i < PushStreams.MAX_PER_CALLER; i++) {
            watch(exchange).next();
        }
        Status status = watch(exchange).end();
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).startsWith("STREAM_LIMIT: ");
    }

    private static Events<X509BundlesResponse> x509(ManagedChannel channel, Metadata headers) {
        Events<X509BundlesResponse> events = new Events<>();
        SpiffeWorkloadAPIGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .fetchX509Bundles(X509BundlesRequest.getDefaultInstance(), events);
        return events;
    }

    private static Events<WatchAuthoritiesResponse> watch(ManagedChannel channel) {
        Events<WatchAuthoritiesResponse> events = new Events<>();
        SvidAuthorityGrpc.newStub(channel).watchAuthorities(WatchAuthoritiesRequest.getDefaultInstance(), events);
        return events;
    }

    private static Metadata header(String value) {
        Metadata headers = new Metadata();
        headers.put(WORKLOAD, value);
        return headers;
    }

    private static int roots(X509BundlesResponse response) throws Exception {
        assertThat(response.getBundlesMap()).containsOnlyKeys(KEY);
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(response.getBundlesOrThrow(KEY).toByteArray()))
                .size();
    }

    private static List<Authority.State> states(WatchAuthoritiesResponse response) {
        return response.getX509List().stream().map(Authority::getState).toList();
    }

    /** What a stream said, in order. */
    private static final class Events<T> implements StreamObserver<T> {

        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        @Override
        public void onNext(T message) {
            events.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            events.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            events.add(Status.OK);
        }

        @SuppressWarnings("unchecked")
        T next() throws InterruptedException {
            Object event = take();
            assertThat(event).isNotInstanceOf(Status.class);
            return (T) event;
        }

        Status end() throws InterruptedException {
            Object event = take();
            assertThat(event).isInstanceOf(Status.class);
            return (Status) event;
        }

        /** Why it ended, after whatever it still said. */
        String lastWords() throws InterruptedException {
            Object event = take();
            while (!(event instanceof Status)) {
                event = take();
            }
            return String.valueOf(((Status) event).getDescription());
        }

        private Object take() throws InterruptedException {
            @Nullable Object event = events.poll(LiveCa.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event within the deadline").isNotNull();
            return Objects.requireNonNull(event);
        }
    }
}
