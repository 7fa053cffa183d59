/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.grpc.ManagedChannel;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.attest.Registrations;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidSource;
import io.hanse.transport.tls.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority that listens on loopback, with clients. */
final class LiveCa implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);

    final TestCa ca;
    final OwnSvid own;
    final JoinTokens tokens;
    final BannedNodes banned;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final PushStreams streams = new PushStreams();
    final BundleCell bundles = new BundleCell();
    volatile Registrations standing = (node, id) -> Registrations.Standing.NOT_HERE;

    private final ManualClock clock;
    private final CaServer server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    private LiveCa(Path directory, ManualClock clock) throws IOException {
        this.clock = clock;
        this.ca = TestCa.open(directory, clock);
        this.tokens = ca.tokens();
        this.banned = ca.banned();
        this.own = new OwnSvid(TestCa.TRUST_DOMAIN, ca.authorities, ca.issuer, clock);
        own.renewIfDue();
        ca.authorities.onChange(image -> {
            bundles.publish(BundleMap.empty().with(image.bundle()));
            streams.changed();
        });
        Admission admission =
                new Admission(TestCa.TRUST_DOMAIN, tokens, banned, (node, id) -> standing.standing(node, id));
        this.server = new CaServer(
                new HostPort("127.0.0.1", 0),
                TestCa.TRUST_DOMAIN,
                new MeshIdentity(own.source(), bundles, clock),
                ca.authorities,
                admission,
                ca.issuer,
                TestCa.CRYPTO,
                new CaMetrics(metrics, ca.authorities, ca.journal),
                streams,
                clock);
        server.start();
    }

    static LiveCa start(Path directory, ManualClock clock) throws IOException {
        return new LiveCa(directory, clock);
    }

    static X509Svid svidOf(TestSvid svid) {
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new IllegalStateException(e);
        }
    }

    HostPort address() {
        return new HostPort("127.0.0.1", server.port());
    }

    JoinToken token(SpiffeId id) {
        JoinTokens.Made made = tokens.make(id, Duration.ofMinutes(10)).orElseThrow();
        return new JoinToken(id, address(), ca.authorities.image().bundle(), made.secret(), made.expiresAt());
    }

    /** A channel of somebody without an SVID. */
    ManagedChannel stranger() {
        return open(MeshIdentity.withoutSvid(bundles, clock));
    }

    ManagedChannel channel(X509Svid svid) {
        return open(new MeshIdentity(SvidSource.fixed(svid), bundles, clock));
    }

    CertificateClient client(X509Svid svid) {
        return new CertificateClient(
                address(), TestCa.TRUST_DOMAIN, new MeshIdentity(SvidSource.fixed(svid), bundles, clock));
    }

    void drain() {
        server.drain(Duration.ofSeconds(5));
    }

    private ManagedChannel open(MeshIdentity identity) {
        ManagedChannel channel = GrpcChannels.to(address(), identity, SystemIdentity.SPIFFE_CA.in(TestCa.TRUST_DOMAIN))
                .open();
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.drain(Duration.ofMillis(100));
        ca.close();
    }
}
