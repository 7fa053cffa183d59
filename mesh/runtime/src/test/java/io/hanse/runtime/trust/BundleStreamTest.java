/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.svid.RootsSource;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.SvidSource;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process believes of whom, as the exchange tells it over real TLS and a real file keeps it. */
class BundleStreamTest {

    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final TrustDomain BERGEN = new TrustDomain("bergen.example");
    private static final TrustDomain VISBY = new TrustDomain("visby.example");
    private static final SpiffeId EXCHANGE = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(LUBECK);

    @TempDir
    Path state;

    private final TestAuthority lubeck = TestAuthority.of(LUBECK.name());
    private final TestAuthority bergen = TestAuthority.of(BERGEN.name());
    private final TestAuthority visby = TestAuthority.of(VISBY.name());
    private final SvidSource svid =
            SvidSource.fixed(TestIdentity.x509(lubeck.svid("/ns/hanse-system/sa/spiffe-proxy")));
    private final Roots roots = new Roots();
    private final SystemScheduler scheduler = new SystemScheduler();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(scheduler));
    private Readiness readiness = new Readiness(InstantSource.system());

    /** What spiffe-ca said of the own roots. */
    private static final class Roots implements RootsSource {
        private final BundleCell cell = new BundleCell();
        private volatile Instant learnedAt = Instant.MIN;

        void learn(TrustBundle bundle, Instant at) {
            learnedAt = at;
            cell.publish(BundleMap.empty().with(bundle));
        }

        @Override
        public Instant learnedAt() {
            return learnedAt;
        }

        @Override
        public BundleMap current() {
            return cell.current();
        }

        @Override
        public Subscription onChange(Consumer<BundleMap> listener) {
            return cell.onChange(listener);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private FakeExchange exchange() throws IOException {
        return exchange(0);
    }

    private FakeExchange exchange(int port) throws IOException {
        FakeExchange exchange = new FakeExchange(lubeck, EXCHANGE, port);
        open.add(exchange);
        return exchange;
    }

    private BundleStream stream(HostPort exchange) {
        readiness = new Readiness(InstantSource.system());
        BundleStream stream = new BundleStream(
                new BundleStream.Home(LUBECK, exchange, state),
                svid,
                roots,
                scheduler,
                InstantSource.system(),
                readiness.task("trust bundles"));
        open.add(stream);
        return stream;
    }

    /** A stream that knows the own root from spiffe-ca, as every process does before it hears the exchange. */
    private BundleStream started(FakeExchange exchange) {
        roots.learn(lubeck.bundle(), Instant.now());
        BundleStream stream = stream(exchange.address());
        stream.start();
        return stream;
    }

    private static void say(
            StreamObserver<X509BundlesResponse> x509, StreamObserver<JWTBundlesResponse> jwt, BundleMap map) {
        x509.onNext(BundleMessages.x509(map));
        jwt.onNext(BundleMessages.jwt(map));
    }

    private static List<X509Certificate> authorities(BundleStream stream, TrustDomain domain) {
        return stream.current().of(domain).map(TrustBundle::x509Authorities).orElse(List.of());
    }

    private static void awaitAuthorities(BundleStream stream, TestAuthority... authorities) throws Exception {
        Until.holds(() -> {
            for (TestAuthority each : authorities) {
                if (!authorities(stream, each.trustDomain()).equals(List.of(each.certificate()))) {
                    return false;
                }
            }
            return stream.current().bundles().size() == authorities.length;
        });
    }

    private static void awaitJwtKeys(BundleStream stream, TrustDomain domain, int count) throws Exception {
        Until.holds(() -> stream.current()
                .of(domain)
                .filter(bundle -> bundle.jwtAuthorities().size() == count)
                .isPresent());
    }

    @Test
    void bothStreamsMakeOneMapAndThenItIsReady() throws Exception {
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        StreamObserver<X509BundlesResponse> x509 = exchange.nextX509();
        assertThat(stream.connected()).isFalse();
        x509.onNext(BundleMessages.x509(TestAuthority.bundles(lubeck, bergen)));
        awaitAuthorities(stream, lubeck, bergen);
        assertThat(stream.connected()).isTrue();
        assertThat(readiness.ready()).isFalse();
        exchange.nextJwt().onNext(BundleMessages.jwt(TestAuthority.bundles(lubeck, bergen)));
        awaitJwtKeys(stream, BERGEN, 1);
        Until.holds(readiness::ready);
    }

    @Test
    void everyMessageIsTheWholeStateAndWhatItLacksIsGone() throws Exception {
        // WL-4.3a
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        StreamObserver<X509BundlesResponse> x509 = exchange.nextX509();
        StreamObserver<JWTBundlesResponse> jwt = exchange.nextJwt();
        say(x509, jwt, TestAuthority.bundles(lubeck, bergen, visby));
        awaitAuthorities(stream, lubeck, bergen, visby);
        List<BundleMap> told = new ArrayList<>();
        stream.onChange(told::add);
        say(x509, jwt, TestAuthority.bundles(lubeck, visby));
        awaitAuthorities(stream, lubeck, visby);
        assertThat(told).isNotEmpty();
        stream.close();
        assertThat(authorities(stream(exchange.address()), BERGEN)).isEmpty();
    }

    @Test
    void anEmptyFieldClearsWhatWasThere() throws Exception {
        // WL-4.4
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        StreamObserver<X509BundlesResponse> x509 = exchange.nextX509();
        StreamObserver<JWTBundlesResponse> jwt = exchange.nextJwt();
        BundleMap all = TestAuthority.bundles(lubeck, bergen);
        say(x509, jwt, all);
        awaitAuthorities(stream, lubeck, bergen);
        awaitJwtKeys(stream, BERGEN, 1);
        x509.onNext(BundleMessages.x509(all).toBuilder()
                .putBundles(BERGEN.id().toString(), ByteString.EMPTY)
                .build());
        Until.holds(() -> authorities(stream, BERGEN).isEmpty());
        jwt.onNext(JWTBundlesResponse.getDefaultInstance());
        awaitJwtKeys(stream, BERGEN, 0);
        awaitJwtKeys(stream, LUBECK, 0);
        assertThat(authorities(stream, LUBECK)).containsExactly(lubeck.certificate());
    }

    @Test
    void whatWasHeardServesAfterARestartWithoutTheExchange() throws Exception {
        FakeExchange exchange = exchange();
        BundleStream before = started(exchange);
        say(exchange.nextX509(), exchange.nextJwt(), TestAuthority.bundles(lubeck, bergen));
        awaitAuthorities(before, lubeck, bergen);
        awaitJwtKeys(before, BERGEN, 1);
        before.close();
        exchange.close();
        BundleStream after = stream(exchange.address());
        assertThat(after.current()).isEqualTo(before.current());
        assertThat(readiness.ready()).isTrue();
        assertThat(after.connected()).isFalse();
    }

    @Test
    void theLastMapStandsWhileTheExchangeIsAwayAndTheNextOneIsHeard() throws Exception {
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        say(exchange.nextX509(), exchange.nextJwt(), TestAuthority.bundles(lubeck, bergen));
        awaitAuthorities(stream, lubeck, bergen);
        exchange.close();
        Until.holds(() -> !stream.connected());
        assertThat(authorities(stream, BERGEN)).containsExactly(bergen.certificate());
        FakeExchange again = exchange(exchange.address().port());
        say(again.nextX509(), again.nextJwt(), TestAuthority.bundles(lubeck, visby));
        awaitAuthorities(stream, lubeck, visby);
        assertThat(stream.connected()).isTrue();
    }

    @Test
    void aMessageWithoutTheOwnTrustDomainIsRefusedAndTheLastMapStands() throws Exception {
        // WL-5.2.2, WL-4.5
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        StreamObserver<X509BundlesResponse> x509 = exchange.nextX509();
        say(x509, exchange.nextJwt(), TestAuthority.bundles(lubeck, bergen));
        awaitAuthorities(stream, lubeck, bergen);
        x509.onNext(BundleMessages.x509(TestAuthority.bundles(visby)));
        // It leaves the stream and comes back for another word.
        StreamObserver<X509BundlesResponse> next = exchange.nextX509();
        assertThat(exchange.left()).isPositive();
        assertThat(stream.current().bundles()).containsOnlyKeys(LUBECK, BERGEN);
        next.onNext(X509BundlesResponse.newBuilder()
                .putBundles(LUBECK.id().toString(), ByteString.copyFromUtf8("not a certificate"))
                .build());
        StreamObserver<X509BundlesResponse> third = exchange.nextX509();
        assertThat(stream.current().bundles()).containsOnlyKeys(LUBECK, BERGEN);
        third.onNext(BundleMessages.x509(TestAuthority.bundles(lubeck, bergen, visby)));
        awaitAuthorities(stream, lubeck, bergen, visby);
    }

    @Test
    void anEntryThatCannotBeReadCostsItsOwnTrustDomainOnly() throws Exception {
        FakeExchange exchange = exchange();
        BundleStream stream = started(exchange);
        BundleMap all = TestAuthority.bundles(lubeck, bergen, visby);
        ByteString garbage = ByteString.copyFromUtf8("{");
        exchange.nextX509()
                .onNext(BundleMessages.x509(all).toBuilder()
                        .putBundles(BERGEN.id().toString(), garbage)
                        .putBundles("https://odd.example", ByteString.EMPTY)
                        .build());
        Until.holds(() -> authorities(stream, VISBY).contains(visby.certificate()));
        assertThat(authorities(stream, BERGEN)).isEmpty();
        exchange.nextJwt()
                .onNext(BundleMessages.jwt(all).toBuilder()
                        .putBundles(BERGEN.id().toString(), garbage)
                        .build());
        awaitJwtKeys(stream, VISBY, 1);
        assertThat(stream.current().bundles()).containsOnlyKeys(LUBECK, VISBY);
    }

    @Test
    void onlyTheExchangeIsBelieved() throws Exception {
        FakeExchange other = new FakeExchange(lubeck, SystemIdentity.CLUSTER_REGISTRY.in(LUBECK), 0);
        open.add(other);
        BundleStream stream = started(other);
        FakeExchange foreign = new FakeExchange(bergen, EXCHANGE, 0);
        open.add(foreign);
        BundleStream second = started(foreign);
        FakeExchange right = exchange();
        BundleStream third = started(right);
        say(right.nextX509(), right.nextJwt(), TestAuthority.bundles(lubeck, bergen));
        awaitAuthorities(third, lubeck, bergen);
        assertThat(List.of(stream, second)).allSatisfy(each -> {
            assertThat(each.connected()).isFalse();
            assertThat(each.current().bundles()).containsOnlyKeys(LUBECK);
        });
    }

    @Test
    void newerRootsFromSpiffeCaCountUntilTheExchangeSpeaks() throws Exception {
        FakeExchange exchange = exchange();
        BundleStream before = started(exchange);
        say(exchange.nextX509(), exchange.nextJwt(), TestAuthority.bundles(lubeck, bergen));
        awaitAuthorities(before, lubeck, bergen);
        before.close();
        TestAuthority next = TestAuthority.of(LUBECK.name());
        TrustBundle both = TrustBundle.ofX509(LUBECK, List.of(lubeck.certificate(), next.certificate()));
        roots.learn(both, Instant.now().plusSeconds(10));
        BundleStream stream = stream(exchange.address());
        assertThat(authorities(stream, LUBECK)).isEqualTo(both.x509Authorities());
        assertThat(authorities(stream, BERGEN)).containsExactly(bergen.certificate());
        stream.start();
        say(exchange.nextX509(), exchange.nextJwt(), TestAuthority.bundles(lubeck));
        awaitAuthorities(stream, lubeck);
        roots.learn(both, Instant.now().plusSeconds(20));
        assertThat(authorities(stream, LUBECK)).containsExactly(lubeck.certificate());
    }

    @Test
    void aKeptMapThatCannotBeReadIsPassedOver() throws Exception {
        Files.writeString(state.resolve("bundles.bin"), "nonsense");
        roots.learn(lubeck.bundle(), Instant.now());
        BundleStream stream = stream(new HostPort("127.0.0.1", 1));
        assertThat(readiness.ready()).isFalse();
        assertThat(stream.current().bundles()).containsOnlyKeys(LUBECK);
    }
}
