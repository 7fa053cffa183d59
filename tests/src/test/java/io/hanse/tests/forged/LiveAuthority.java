/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import io.hanse.ca.api.CaMetrics;
import io.hanse.ca.api.CaServer;
import io.hanse.ca.api.OwnSvid;
import io.hanse.ca.api.PushStreams;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.attest.Registrations;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthoritySettings;
import io.hanse.ca.authority.RotationSchedule;
import io.hanse.ca.issuance.IssuanceSettings;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.StateFile;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.ca.keys.KeyKind;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.BundleSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * A real spiffe-ca that listens. It signs with its own root and judges callers by the root of the target: so the forger
 * can hold what only spiffe-ca's own root could have signed.
 */
final class LiveAuthority implements AutoCloseable {

    /** The one workload that runs on the target's node. */
    static final SpiffeId WORKLOAD = SpiffeId.ofServiceAccount(ServerDoors.LUBECK, "shop", "api");

    private final Target target =
            Target.of(TestAuthority.of(ServerDoors.LUBECK.name()), SystemIdentity.node(ServerDoors.LUBECK, "a"));
    private final BundleCell bundles = new BundleCell(target.bundles());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final IssuanceJournal journal;
    private final JoinTokens tokens;
    private final Authorities authorities;
    private final CaServer server;

    LiveAuthority(Path directory) throws IOException {
        SecureRandom random = new SecureRandom();
        CryptoProvider crypto = CryptoProvider.choose();
        StateFile file = new StateFile(directory.resolve("authorities.json"), ServerDoors.LUBECK);
        KeyEncryptionKey kek = KeyEncryptionKey.load(directory.resolve("secrets/kek"), file.exists(), random);
        this.journal = IssuanceJournal.open(directory.resolve("issued"), ServerDoors.CLOCK);
        AuthoritySettings settings = new AuthoritySettings(
                KeyKind.EC_P256, KeyKind.EC_P256, new RotationSchedule(Duration.ofHours(24), Duration.ofMinutes(5)));
        this.authorities =
                Authorities.open(ServerDoors.LUBECK, settings, crypto, kek, file, journal, random, ServerDoors.CLOCK);
        Issuer issuer = new Issuer(
                ServerDoors.LUBECK,
                new IssuanceSettings(Duration.ofHours(1), Duration.ofMinutes(5)),
                authorities,
                journal,
                random,
                ServerDoors.CLOCK);
        OwnSvid own = new OwnSvid(ServerDoors.LUBECK, authorities, issuer, ServerDoors.CLOCK);
        own.renewIfDue();
        this.tokens = new JoinTokens(directory.resolve("join-tokens.json"), random, ServerDoors.CLOCK, version -> {});
        Admission admission = new Admission(
                ServerDoors.LUBECK,
                tokens,
                new BannedNodes(directory.resolve("banned.json"), ServerDoors.CLOCK, version -> {}),
                (node, id) -> id.equals(WORKLOAD) ? Registrations.Standing.HERE : Registrations.Standing.NOT_HERE);
        this.server = new CaServer(
                new HostPort("127.0.0.1", 0),
                ServerDoors.LUBECK,
                new MeshIdentity(own.source(), bundles, ServerDoors.CLOCK),
                authorities,
                admission,
                issuer,
                crypto,
                new CaMetrics(metrics, authorities, journal),
                new PushStreams(),
                Until.HASTY);
        server.start();
    }

    Target target() {
        return target;
    }

    BundleCell bundles() {
        return bundles;
    }

    SimpleMeterRegistry metrics() {
        return metrics;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    /** What callers verify this spiffe-ca with. */
    BundleSource serverTrust() {
        return BundleSource.fixed(BundleMap.empty().with(authorities.image().bundle()));
    }

    /** The secret of a fresh join token for the target's node. */
    String joinSecret(Duration lifetime) {
        return tokens.make(target.id(), lifetime).orElseThrow().secret();
    }

    @Override
    public void close() {
        server.drain(Duration.ofMillis(100));
        journal.close();
    }
}
