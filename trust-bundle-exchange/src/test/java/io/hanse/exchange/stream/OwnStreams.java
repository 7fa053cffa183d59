/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import io.grpc.ManagedChannel;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.exchange.RelationshipsGrpc;
import io.hanse.wire.exchange.WatchRequest;
import io.hanse.wire.exchange.WatchResponse;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The streams over gRPC and mutual TLS 1.3 on loopback, with the listener that the wiring makes, and callers for it. */
abstract class OwnStreams {

    static final InstantSource CLOCK = InstantSource.system();
    static final String OWN = "spiffe://own.example";
    static final String PEER = "spiffe://peer.example";

    @TempDir
    Path directory;

    final TestAuthority own = TestAuthority.of("own.example");
    final TestAuthority peer = TestAuthority.of("peer.example");
    final SpiffeId self = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(own.trustDomain());
    private final List<ManagedChannel> channels = new ArrayList<>();
    StateStore store;
    TrustStream stream;
    GrpcServer server;

    @BeforeEach
    void open() throws Exception {
        store = Stores.open(directory, own.trustDomain());
        stream = new TrustStream(store);
        GrpcServer.Builder builder = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        new MeshIdentity(svids(own.svid(self)), new TrustView(store), CLOCK))
                .callers(PeerCheck.memberOf(own.trustDomain()));
        stream.services().forEach(builder::service);
        server = builder.build().start();
    }

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.stop();
    }

    static SvidCell svids(TestSvid svid) throws MalformedSvid {
        return new SvidCell(X509Svid.of(svid.chain(), svid.key()));
    }

    ManagedChannel channel(MeshIdentity caller, boolean header) {
        GrpcChannels to = GrpcChannels.to(new HostPort("127.0.0.1", server.port()), caller, self);
        ManagedChannel channel = (header ? to.workloadApi() : to).open();
        channels.add(channel);
        return channel;
    }

    BundleSource trustedByCallers() {
        return BundleSource.fixed(TestAuthority.bundles(own));
    }

    ManagedChannel as(TestSvid svid) throws MalformedSvid {
        return channel(new MeshIdentity(svids(svid), trustedByCallers(), CLOCK), true);
    }

    ManagedChannel proxy() throws MalformedSvid {
        return as(own.svid("/hanse/node/a"));
    }

    static Heard<X509BundlesResponse> x509(ManagedChannel channel) {
        Heard<X509BundlesResponse> heard = new Heard<>();
        SpiffeWorkloadAPIGrpc.newStub(channel).fetchX509Bundles(X509BundlesRequest.getDefaultInstance(), heard);
        return heard;
    }

    static Heard<JWTBundlesResponse> jwt(ManagedChannel channel) {
        Heard<JWTBundlesResponse> heard = new Heard<>();
        SpiffeWorkloadAPIGrpc.newStub(channel).fetchJWTBundles(JWTBundlesRequest.getDefaultInstance(), heard);
        return heard;
    }

    static Heard<WatchResponse> relationships(ManagedChannel channel) {
        Heard<WatchResponse> heard = new Heard<>();
        RelationshipsGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), heard);
        return heard;
    }

    void publishOwn() {
        store.change(state -> state.withOwn(own.bundle()));
    }

    Relationship relationship(Relationship.State state) {
        return new Relationship(
                peer.trustDomain(),
                Optional.of(new ClusterName("peer")),
                List.of(new HostPort("127.0.0.1", 15008)),
                URI.create("https://peer.example/"),
                new Profile.HttpsSpiffe(new SpiffeId(peer.trustDomain(), "/exchange")),
                state,
                Instant.EPOCH);
    }

    void connect() {
        store.change(state -> state.connected(
                relationship(Relationship.State.ESTABLISHED), new PeerBundle(peer.bundle(), Instant.EPOCH)));
    }

    TrustBundle peerRevokedEverything() {
        return new TrustBundle(peer.trustDomain(), List.of(), List.of(), OptionalLong.of(9), Optional.empty());
    }
}
