/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.testing.Until;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.MintJwtSvidResponse;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import io.hanse.wire.hanseca.WatchAuthoritiesRequest;
import io.hanse.wire.hanseca.WatchAuthoritiesResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Open calls over real TLS, and what becomes of them when a root, or a whole trust domain, is trusted no longer. */
class TrustWithdrawnTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final String REGISTRY = "/ns/hanse-system/sa/cluster-registry";

    private final TestAuthority lubeck = TestAuthority.of("lubeck.example");
    private final TestAuthority bergen = TestAuthority.of("bergen.example");
    private final TestAuthority visby = TestAuthority.of("visby.example");
    private final BundleMap all = TestAuthority.bundles(lubeck, bergen, visby);

    /** What the server in lubeck judges with. */
    private final BundleCell serverBundles = new BundleCell(all);
    /** What its callers judge with. */
    private final BundleCell callerBundles = new BundleCell(all);

    private final TestSvid server = lubeck.svid(REGISTRY);
    private final MeshIdentity serverIdentity = TestIdentity.of(server, serverBundles, CLOCK);
    private final Streams streams = new Streams();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final GrpcServer listener = GrpcServer.at(new HostPort("127.0.0.1", 0), serverIdentity)
            .clientCertificate(ClientCertificate.OPTIONAL)
            .service(streams)
            .build();

    /** Keeps a stream to each caller; speaks only when the test says so. */
    private static final class Streams extends SvidAuthorityGrpc.SvidAuthorityImplBase {
        private final Map<String, StreamObserver<WatchAuthoritiesResponse>> open = new ConcurrentHashMap<>();
        private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

        @Override
        public void watchAuthorities(WatchAuthoritiesRequest request, StreamObserver<WatchAuthoritiesResponse> out) {
            String caller = Caller.current()
                    .map(id -> id.trustDomain().name() + id.path())
                    .orElse("nobody");
            ((ServerCallStreamObserver<WatchAuthoritiesResponse>) out).setOnCancelHandler(() -> cancelled.add(caller));
            open.put(caller, out);
        }

        @Override
        public void mintJwtSvid(MintJwtSvidRequest request, StreamObserver<MintJwtSvidResponse> out) {
            out.onNext(MintJwtSvidResponse.getDefaultInstance());
            out.onCompleted();
        }

        void say(String caller) throws InterruptedException {
            Until.holds(() -> open.containsKey(caller));
            Objects.requireNonNull(open.get(caller)).onNext(WatchAuthoritiesResponse.getDefaultInstance());
        }
    }

    /** A caller with a stream of its own, on a connection of its own. */
    private final class Client implements StreamObserver<WatchAuthoritiesResponse> {
        private final MeshIdentity identity;
        private final ManagedChannel channel;
        private final BlockingQueue<WatchAuthoritiesResponse> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> end = new CompletableFuture<>();

        Client(MeshIdentity identity) {
            this.identity = identity;
            this.channel = GrpcChannels.to(new HostPort("127.0.0.1", listener.port()), identity, server.id())
                    .open();
            channels.add(channel);
        }

        Client watching() {
            SvidAuthorityGrpc.newStub(channel).watchAuthorities(WatchAuthoritiesRequest.getDefaultInstance(), this);
            return this;
        }

        Client asked() {
            SvidAuthorityGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .mintJwtSvid(MintJwtSvidRequest.getDefaultInstance());
            return this;
        }

        String whyItEnded() throws Exception {
            return GrpcFailures.describe(Until.done(end));
        }

        @Override
        public void onNext(WatchAuthoritiesResponse message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable why) {
            end.complete(why);
        }

        @Override
        public void onCompleted() {
            end.complete(new IllegalStateException("completed"));
        }
    }

    @BeforeEach
    void start() throws Exception {
        listener.start();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        listener.stop();
    }

    private Client caller(TestSvid svid) {
        return new Client(TestIdentity.of(svid, callerBundles, CLOCK));
    }

    private static TrustBundle roots(TestAuthority... authorities) {
        TrustDomain domain = authorities[0].trustDomain();
        return TrustBundle.ofX509(
                domain, Stream.of(authorities).map(TestAuthority::certificate).toList());
    }

    @Test
    void aPeerThatLeavesLosesItsOpenCallsAndNobodyElseDoes() throws Exception {
        Client leaving = caller(bergen.svid(REGISTRY)).watching();
        Client peer = caller(visby.svid(REGISTRY)).watching();
        Client member = caller(lubeck.svid("/ns/shop/sa/web")).watching();
        Client stranger = new Client(MeshIdentity.withoutSvid(callerBundles, CLOCK)).watching();
        for (String each : List.of("bergen.example" + REGISTRY, "visby.example" + REGISTRY)) {
            streams.say(each);
        }
        Until.next(leaving.heard);
        Until.next(peer.heard);

        serverBundles.publish(all.without(bergen.trustDomain()));

        assertThat(leaving.whyItEnded()).contains("TRUST_WITHDRAWN");
        assertThat(Until.next(streams.cancelled)).isEqualTo("bergen.example" + REGISTRY);
        streams.say("visby.example" + REGISTRY);
        streams.say("lubeck.example/ns/shop/sa/web");
        streams.say("nobody");
        Until.next(peer.heard);
        Until.next(member.heard);
        Until.next(stranger.heard);
        assertThat(Stream.of(peer, member, stranger)).noneMatch(each -> each.end.isDone());
        // Whoever lost its connection does not get another.
        assertThatThrownBy(leaving::asked).isInstanceOf(io.grpc.StatusRuntimeException.class);
    }

    @Test
    void aRevokedRootOfTheOwnTrustDomainEndsWhatItSignedAndNothingElse() throws Exception {
        TestAuthority next = TestAuthority.of("lubeck.example");
        serverBundles.publish(all.with(roots(lubeck, next)));
        Client old = caller(lubeck.svid("/ns/shop/sa/old")).watching();
        Client renewed = caller(next.svid("/ns/shop/sa/renewed")).watching();
        streams.say("lubeck.example/ns/shop/sa/old");
        streams.say("lubeck.example/ns/shop/sa/renewed");
        Until.next(old.heard);
        Until.next(renewed.heard);

        serverBundles.publish(all.with(roots(next)));

        assertThat(old.whyItEnded()).contains("TRUST_WITHDRAWN");
        streams.say("lubeck.example/ns/shop/sa/renewed");
        Until.next(renewed.heard);
        assertThat(renewed.end).isNotDone();
    }

    @Test
    void aChainThatStillVerifiesStaysThroughEveryOtherChange() throws Exception {
        Client peer = caller(bergen.svid(REGISTRY)).watching();
        streams.say("bergen.example" + REGISTRY);
        Until.next(peer.heard);

        BundleMap more = all.with(roots(bergen, TestAuthority.of("bergen.example")));
        for (BundleMap map : List.of(more, more.without(visby.trustDomain()), all)) {
            serverBundles.publish(map);
            callerBundles.publish(map);
            streams.say("bergen.example" + REGISTRY);
            Until.next(peer.heard);
        }
        assertThat(peer.end).isNotDone();
    }

    @Test
    void aConnectionWithoutCallsEndsToo() throws Exception {
        Client idle = caller(bergen.svid(REGISTRY)).asked();
        Client member = caller(lubeck.svid("/ns/shop/sa/web")).asked();
        Until.holds(() -> serverIdentity.liveTrust().size() == 2);

        serverBundles.publish(all.without(bergen.trustDomain()));

        Until.holds(() -> idle.channel.getState(false) == ConnectivityState.IDLE);
        Until.holds(() -> serverIdentity.liveTrust().size() == 1);
        assertThat(member.channel.getState(false)).isEqualTo(ConnectivityState.READY);
    }

    @Test
    void aCallerEndsItsCallsWhenTheServerNoLongerVerifies() throws Exception {
        Client speaking = caller(lubeck.svid("/ns/shop/sa/speaking")).watching();
        Client silent = caller(lubeck.svid("/ns/shop/sa/silent")).watching();
        MeshIdentity unmoved = TestIdentity.of(lubeck.svid("/ns/shop/sa/unmoved"), new BundleCell(all), CLOCK);
        Client other = new Client(unmoved).watching();
        streams.say("lubeck.example/ns/shop/sa/speaking");
        Until.next(speaking.heard);
        Until.holds(() -> streams.open.size() == 3);

        callerBundles.publish(all.with(roots(TestAuthority.of("lubeck.example"))));

        for (Client ended : List.of(speaking, silent)) {
            assertThat(ended.whyItEnded())
                    .startsWith("TRUST_WITHDRAWN: " + server.id())
                    .contains("CERTIFICATE_CHAIN_BROKEN");
            assertThat(PeerRefused.in(Until.done(ended.end)).orElseThrow().reason())
                    .isEqualTo(ReasonCode.TRUST_WITHDRAWN);
            assertThat(Status.fromThrowable(Until.done(ended.end)).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            Until.next(streams.cancelled);
        }
        streams.say("lubeck.example/ns/shop/sa/unmoved");
        Until.next(other.heard);
        assertThat(other.end).isNotDone();
        assertThatThrownBy(speaking::asked)
                .satisfies(e -> assertThat(GrpcFailures.describe(e)).startsWith("CERTIFICATE_CHAIN_BROKEN"));
    }

    @Test
    void aCallerThatTrustsAgainConnectsAgainOnTheSameChannel() throws Exception {
        Client client = caller(lubeck.svid("/ns/shop/sa/web")).watching();
        Until.holds(() -> streams.open.size() == 1);
        callerBundles.publish(all.without(lubeck.trustDomain()));
        assertThat(client.whyItEnded()).startsWith("TRUST_WITHDRAWN");
        callerBundles.publish(all);
        client.channel.resetConnectBackoff();
        assertThat(client.asked().identity.liveTrust().size()).isEqualTo(1);
    }

    @Test
    void whatHasEndedIsNotWatchedAnyMore() throws Exception {
        Client client = caller(lubeck.svid("/ns/shop/sa/web")).watching();
        Until.holds(() -> client.identity.liveTrust().size() == 1
                && serverIdentity.liveTrust().size() == 1);
        client.channel.shutdownNow();
        Until.holds(() -> client.identity.liveTrust().size() == 0
                && serverIdentity.liveTrust().size() == 0);
    }
}
