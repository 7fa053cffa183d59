/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.testing.Eventually;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.testing.TestAuthority;
import io.hanse.wire.exchange.WatchResponse;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What subscribers are told, and when. */
final class TrustStreamTest extends OwnStreams {

    @Test
    @DisplayName("WL-4.3b each new stream gets the whole state at once, X.509, JWT and relationships")
    void aNewStreamGetsTheWholeStateAtOnce() throws Exception {
        publishOwn();
        connect();
        ManagedChannel proxy = proxy();

        X509BundlesResponse bundles = x509(proxy).next();
        assertThat(bundles.getBundlesMap()).containsOnlyKeys(OWN, PEER);
        assertThat(bundles.getBundlesOrThrow(PEER).toByteArray())
                .isEqualTo(peer.certificate().getEncoded());
        JWTBundlesResponse jwt = jwt(proxy).next();
        assertThat(jwt.getBundlesMap()).containsOnlyKeys(OWN, PEER);
        assertThat(new String(jwt.getBundlesOrThrow(PEER).toByteArray(), StandardCharsets.UTF_8))
                .contains("\"k1\"")
                .doesNotContain("x5c");
        assertThat(relationships(proxy).next().getRelationshipsList())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.getTrustDomain()).isEqualTo("peer.example");
                    assertThat(one.getCluster()).isEqualTo("peer");
                    assertThat(one.getGatewaysList()).containsExactly("127.0.0.1:15008");
                    assertThat(one.getEndpointSpiffeId()).isEqualTo("spiffe://peer.example/exchange");
                });
    }

    @Test
    @DisplayName("WL-4.3a, FED-6.3 the end of a relationship is pushed as the whole state without it")
    void theEndOfARelationshipIsPushed() throws Exception {
        publishOwn();
        connect();
        ManagedChannel proxy = proxy();
        Heard<X509BundlesResponse> x509 = x509(proxy);
        Heard<JWTBundlesResponse> jwt = jwt(proxy);
        Heard<WatchResponse> relationships = relationships(proxy);
        assertThat(x509.next().getBundlesMap()).containsOnlyKeys(OWN, PEER);
        assertThat(jwt.next().getBundlesMap()).containsOnlyKeys(OWN, PEER);
        assertThat(relationships.next().getRelationshipsList()).hasSize(1);

        store.change(state -> state.without(peer.trustDomain()));

        assertThat(x509.next().getBundlesMap()).containsOnlyKeys(OWN);
        assertThat(jwt.next().getBundlesMap()).containsOnlyKeys(OWN);
        assertThat(relationships.next().getRelationshipsList()).isEmpty();
    }

    @Test
    @DisplayName("WL-4.3a a new peer and a rotated key are pushed to every open stream")
    void changesArePushedToEveryStream() throws Exception {
        publishOwn();
        List<Heard<X509BundlesResponse>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(x509(as(own.svid("/hanse/node/n" + i))));
        }
        for (Heard<X509BundlesResponse> one : all) {
            assertThat(one.next().getBundlesMap()).containsOnlyKeys(OWN);
        }
        connect();
        TestAuthority next = TestAuthority.of("own.example");
        store.change(state -> state.withOwn(new TrustBundle(
                own.trustDomain(),
                List.of(own.certificate(), next.certificate()),
                List.of(),
                OptionalLong.of(2),
                Optional.empty())));
        byte[] both = concat(own.certificate().getEncoded(), next.certificate().getEncoded());
        for (Heard<X509BundlesResponse> one : all) {
            X509BundlesResponse newest = one.next();
            if (newest.getBundlesOrThrow(OWN).size() != both.length) {
                newest = one.next();
            }
            assertThat(newest.getBundlesMap()).containsOnlyKeys(OWN, PEER);
            assertThat(newest.getBundlesOrThrow(OWN).toByteArray()).isEqualTo(both);
            assertThat(one.waiting()).isZero();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    @DisplayName("BND-4.1.3 a peer that revoked everything is left out, so that nobody of it is believed")
    void aPeerThatRevokedEverythingIsLeftOut() throws Exception {
        publishOwn();
        connect();
        ManagedChannel proxy = proxy();
        Heard<X509BundlesResponse> x509 = x509(proxy);
        Heard<JWTBundlesResponse> jwt = jwt(proxy);
        x509.next();
        jwt.next();
        store.change(state -> state.with(new PeerBundle(peerRevokedEverything(), Instant.EPOCH)));
        assertThat(x509.next().getBundlesMap()).containsOnlyKeys(OWN);
        assertThat(jwt.next().getBundlesMap()).containsOnlyKeys(OWN);
    }

    @Test
    void aPendingRelationshipIsNeitherTrustedNorTold() throws Exception {
        publishOwn();
        store.change(state -> state.with(relationship(Relationship.State.PENDING))
                .with(new PeerBundle(peer.bundle(), Instant.EPOCH)));
        ManagedChannel proxy = proxy();
        assertThat(x509(proxy).next().getBundlesMap()).containsOnlyKeys(OWN);
        assertThat(relationships(proxy).next().getRelationshipsList()).isEmpty();
    }

    @Test
    void aChangeThatASubscriberCannotSeeSendsNothing() throws Exception {
        publishOwn();
        Heard<X509BundlesResponse> heard = x509(proxy());
        heard.next();
        store.change(state -> state.with(relationship(Relationship.State.PENDING)));
        connect();
        assertThat(heard.next().getBundlesMap()).containsOnlyKeys(OWN, PEER);
        assertThat(heard.waiting()).isZero();
    }

    @Test
    @DisplayName("a stream never ends with OK: draining sends everybody elsewhere, also who comes late")
    void drainingSendsEverybodyElsewhere() throws Exception {
        publishOwn();
        ManagedChannel proxy = proxy();
        Heard<X509BundlesResponse> x509 = x509(proxy);
        Heard<WatchResponse> relationships = relationships(proxy);
        x509.next();
        relationships.next();
        stream.close();
        assertThat(x509.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(relationships.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(jwt(proxy).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aSubscriberThatLeftIsForgotten() throws Exception {
        publishOwn();
        ManagedChannel proxy = proxy();
        x509(proxy).next();
        relationships(proxy).next();
        assertThat(stream.subscribers()).isEqualTo(2);
        proxy.shutdownNow();
        Eventually.holds(() -> stream.subscribers() == 0, () -> stream.subscribers() + " are remembered");
    }

    @Test
    @DisplayName(
            "a subscriber that reads nothing holds nobody up, and gets the newest state, not each one, when it reads")
    void aSlowSubscriberHoldsNobodyUp() throws Exception {
        publishOwn();
        SlowReader slow = SlowReader.of(proxy());
        Heard<X509BundlesResponse> quick = x509(as(own.svid("/hanse/node/b")));
        quick.next();
        int changes = 400;
        for (int i = 1; i <= changes; i++) {
            int sequence = i;
            store.change(state -> state.withOwn(new TrustBundle(
                    own.trustDomain(),
                    sequence == changes
                            ? List.of(own.certificate(), peer.certificate())
                            : Collections.nCopies(1 + sequence % 30, own.certificate()),
                    List.of(),
                    OptionalLong.of(sequence),
                    Optional.of(Duration.ofMinutes(5)))));
        }
        byte[] last = BundleMessages.x509(store.current())
                .orElseThrow()
                .getBundlesOrThrow(OWN)
                .toByteArray();
        byte[] heard = quick.next().getBundlesOrThrow(OWN).toByteArray();
        while (!Arrays.equals(heard, last)) {
            heard = quick.next().getBundlesOrThrow(OWN).toByteArray();
        }
        int slowHeard = slow.readUntil(
                message -> Arrays.equals(message.getBundlesOrThrow(OWN).toByteArray(), last));
        assertThat(slowHeard)
                .as("messages that waited for a reader who was away")
                .isLessThan(changes);
    }
}
