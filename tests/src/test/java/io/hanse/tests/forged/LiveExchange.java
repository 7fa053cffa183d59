/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.publish.BundleServer;
import io.hanse.exchange.relationship.Accepting;
import io.hanse.exchange.relationship.GatewayDoor;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.relationship.PeerDesk;
import io.hanse.exchange.relationship.PeerDoor;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.SvidKeyManager;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real trust-bundle-exchange with its HTTPS endpoint, which stands where its gateway would. */
final class LiveExchange implements AutoCloseable {

    final TestAuthority authority;
    final StateStore store;
    final Inviting inviting;
    final Accepting accepting;
    final HostPort address;

    private final TrustDomain trustDomain;
    private final BundleServer server;
    private final GatewayDoor door;
    private final SystemScheduler scheduler = new SystemScheduler();

    LiveExchange(String name, Path directory, Vertx vertx) throws Exception {
        this.trustDomain = new TrustDomain(name + ".example");
        this.authority = TestAuthority.of(trustDomain.name());
        this.store = ServerDoors.store(directory, trustDomain);
        store.change(state -> state.withOwn(authority.bundle()));
        TestSvid svid = authority.svid(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(trustDomain));
        int port = freePort();
        this.address = new HostPort("127.0.0.1", port);
        Ourselves us = new Ourselves(new ClusterName(name), trustDomain, List.of(address));
        this.door = new GatewayDoor(
                new Doorway(new HttpsCaller(vertx), Ticker.system()),
                new SvidVerifier(ServerDoors.CLOCK),
                Until.PATIENCE);
        this.inviting = new Inviting(us, store, ServerDoors.CLOCK, new SecureRandom());
        this.accepting = new Accepting(us, store, door, ServerDoors.CLOCK);
        Leaving leaving = new Leaving(us, store, door, audience -> "", ServerDoors.CLOCK, Leaving.USUAL_PERSISTENCE);
        this.server = new BundleServer(
                vertx,
                address,
                "https_spiffe",
                KeyCertOptions.wrap(new SvidKeyManager(new SvidCell(X509Svid.of(svid.chain(), svid.key())))),
                store,
                Optional.of(new PeerDesk(inviting, leaving)),
                new BundleServer.Surroundings(scheduler, ServerDoors.CLOCK, Until.HASTY, new SimpleMeterRegistry()));
        server.start();
    }

    private static int freePort() throws java.io.IOException {
        try (java.net.ServerSocket probe = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** A new invitation's text. */
    String invite() {
        Outcome<Inviting.Made> made = inviting.invite(Optional.empty(), Duration.ofMinutes(15));
        return ((Outcome.Done<Inviting.Made>) made).value().text();
    }

    /** Has relationships with exactly these. */
    void befriend(BundleMap peers) {
        store.change(state -> {
            var next = state;
            for (TrustDomain known : List.copyOf(state.relationships().keySet())) {
                next = next.without(known);
            }
            for (TrustDomain peer : peers.bundles().keySet()) {
                Relationship relationship = Relationship.byInvitation(
                        peer,
                        new ClusterName(peer.name().replace('.', '-')),
                        List.of(new HostPort("127.0.0.1", 9)),
                        SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(peer),
                        Relationship.State.ESTABLISHED,
                        ServerDoors.CLOCK.instant());
                next = next.connected(
                        relationship, new PeerBundle(peers.bundles().get(peer), ServerDoors.CLOCK.instant()));
            }
            return next;
        });
    }

    /** Has no relationship with anybody. */
    void alone() {
        befriend(BundleMap.empty());
    }

    /** What the endpoint says to a farewell. */
    ReasonCode farewell(String authorization) {
        return post(PeerDoor.FAREWELL_PATH, Map.of("Authorization", authorization), Body.of(""));
    }

    /** What the endpoint says to a request to connect. */
    ReasonCode accept(String proof, Body body) {
        return post(PeerDoor.ACCEPT_PATH, Map.of(PeerDoor.PROOF_HEADER, proof), body);
    }

    private ReasonCode post(String path, Map<String, String> headers, Body body) {
        HttpsAnswer answer = door.post(
                List.of(address),
                path,
                authority.bundle(),
                SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(trustDomain),
                headers,
                body);
        return switch (answer) {
            case HttpsAnswer.Failed failed -> throw new AssertionError(failed.detail());
            case HttpsAnswer.Answered answered -> answered.isOk() ? ReasonCode.OK : reasonIn(answered.body());
        };
    }

    private static ReasonCode reasonIn(Body problem) {
        try {
            JsonNode document = Json.mapper().readTree(problem.bytes());
            return ReasonCode.valueOf(document.path("reason").asText());
        } catch (java.io.IOException e) {
            throw new AssertionError("no problem document: " + problem.text(), e);
        }
    }

    @Override
    public void close() {
        server.close();
        scheduler.close();
    }
}
