/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.publish.BundleServer;
import io.hanse.exchange.publish.PeerRequests;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.testing.Stores;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.time.ManualClock;
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
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One cluster's exchange with its real HTTPS endpoint on loopback; the endpoint stands where its gateway would. */
public final class TestCluster implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(5);

    public final TestAuthority authority;
    public final StateStore store;
    public final Inviting inviting;
    public final Accepting accepting;
    public final Leaving leaving;
    public final Ourselves us;
    public final HostPort address;
    final PeerDoor door;
    private final BundleServer server;
    private final ManualClock clock;
    private final SystemScheduler scheduler = new SystemScheduler();
    private volatile Optional<PeerRequests> desk = Optional.empty();

    public TestCluster(String name, Path directory, Vertx vertx, ManualClock clock) throws Exception {
        this(name, name + ".example", directory, vertx, clock);
    }

    TestCluster(String name, String domain, Path directory, Vertx vertx, ManualClock clock) throws Exception {
        TrustDomain trustDomain = new TrustDomain(domain);
        authority = TestAuthority.of(domain, clock);
        store = Stores.open(directory, trustDomain);
        TrustBundle keys = authority.bundle();
        store.change(state -> state.withOwn(new TrustBundle(
                trustDomain,
                keys.x509Authorities(),
                keys.jwtAuthorities(),
                OptionalLong.of(1),
                Optional.of(Duration.ofMinutes(5)))));
        SpiffeId self = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(trustDomain);
        TestSvid svid = authority.svid(self.path());
        server = new BundleServer(
                vertx,
                new HostPort("127.0.0.1", 0),
                "https_spiffe",
                KeyCertOptions.wrap(new SvidKeyManager(new SvidCell(X509Svid.of(svid.chain(), svid.key())))),
                store,
                Optional.of(new Late()),
                new BundleServer.Surroundings(scheduler, clock, Ticker.system(), new SimpleMeterRegistry()));
        address = server.start();
        us = new Ourselves(new ClusterName(name), trustDomain, List.of(address));
        door = new GatewayDoor(new Doorway(new HttpsCaller(vertx), Ticker.system()), new SvidVerifier(clock), LIMIT);
        inviting = new Inviting(us, store, clock, new SecureRandom());
        accepting = new Accepting(us, store, door, clock);
        leaving = new Leaving(us, store, door, this::mint, clock, Leaving.USUAL_PERSISTENCE);
        this.clock = clock;
        desk = Optional.of(new PeerDesk(inviting, leaving));
    }

    String mint(SpiffeId audience) {
        Instant now = clock.instant();
        return token(us.endpointId().toString(), audience.toString(), now.plusSeconds(60), Optional.of(now));
    }

    String token(String subject, String audience, Instant expiresAt) {
        return token(subject, audience, expiresAt, Optional.empty());
    }

    String token(String subject, String audience, Instant expiresAt, Optional<Instant> issuedAt) {
        try {
            JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                    .subject(subject)
                    .audience(audience)
                    .expirationTime(Date.from(expiresAt));
            issuedAt.ifPresent(at -> claims.issueTime(Date.from(at)));
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
            jwt.sign(new ECDSASigner((ECPrivateKey) authority.key()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String invite() {
        return ((Outcome.Done<Inviting.Made>) inviting.invite(Optional.empty(), Duration.ofMinutes(15)))
                .value()
                .text();
    }

    public boolean trusts(TestCluster other) {
        return store.current().bundleMap().of(other.us.trustDomain()).isPresent();
    }

    public void stopServing() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        scheduler.close();
    }

    /** The server is bound before its desk exists. */
    private final class Late implements PeerRequests {
        @Override
        public PeerReply accept(Body body, Optional<String> proof) {
            return desk.orElseThrow().accept(body, proof);
        }

        @Override
        public PeerReply farewell(Optional<String> authorization) {
            return desk.orElseThrow().farewell(authorization);
        }

        @Override
        public PeerReply tooLarge() {
            return desk.orElseThrow().tooLarge();
        }

        @Override
        public PeerReply tooMany() {
            return desk.orElseThrow().tooMany();
        }
    }
}
