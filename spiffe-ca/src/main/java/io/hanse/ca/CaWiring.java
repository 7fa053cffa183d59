/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.hanse.ca.api.CaMetrics;
import io.hanse.ca.api.CaServer;
import io.hanse.ca.api.CatalogRegistrations;
import io.hanse.ca.api.ControlRoutes;
import io.hanse.ca.api.OwnSvid;
import io.hanse.ca.api.PushStreams;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.StateFile;
import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.files.StateMark;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcLimits;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.Listener;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessShell;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.xds.CatalogClient;
import io.hanse.runtime.xds.WdsCodec;
import io.hanse.transport.tls.BundleCell;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each part of spiffe-ca once, in the order of dependency, and starts and ends them. */
public final class CaWiring implements RunningProcess {

    /** How often schedule and own SVID are looked at: small beside the shortest refresh hint times three. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration COMPACT = Duration.ofMinutes(10);

    /** Between two tries while the disk refuses: each may make a key for nothing. */
    private static final Duration DISK_REST = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(CaWiring.class);

    private final ProcessContext context;
    private final CaConfig config;
    private final Readiness.StartTask listening;
    private final StateAge age;
    private final IssuanceJournal journal;
    private final Authorities authorities;
    private final OwnSvid own;
    private final CatalogClient registry;
    private final CaServer server;
    private final List<Cancellable> tasks = new ArrayList<>();
    private volatile boolean started;
    private volatile boolean diskRefuses;
    private volatile Instant diskRestsUntil = Instant.MIN;

    private CaWiring(ProcessContext context, CaConfig config) {
        this.context = context;
        this.config = config;
        this.listening = context.readiness().task("listening");
        TrustDomain trustDomain = context.cluster().trustDomain();
        Path state = context.stateDirectory();
        SecureRandom random = new SecureRandom();
        CryptoProvider crypto = CryptoProvider.choose();

        // Memory of before.
        this.age = new StateAge(StateMark.open(context.cluster().markDirectory(), context.instance()));
        StateFile file = new StateFile(state.resolve("authorities.json"), trustDomain);
        KeyEncryptionKey kek = KeyEncryptionKey.load(config.kek(), file.exists(), random);
        this.journal = IssuanceJournal.open(state.resolve("issued"), context.clock());
        JoinTokens tokens = new JoinTokens(state.resolve("join-tokens.json"), random, context.clock(), age::tokens);
        BannedNodes banned = new BannedNodes(state.resolve("banned-nodes.json"), context.clock(), age::bans);
        age.judge(state, file, kek, journal, tokens, banned);
        this.authorities = Authorities.open(
                trustDomain, config.authorities(), crypto, kek, file, journal, random, context.clock());

        // This process's own identity.
        Issuer issuer = new Issuer(trustDomain, config.issuance(), authorities, journal, random, context.clock());
        this.own = new OwnSvid(trustDomain, authorities, issuer, context.clock());
        BundleCell bundles = new BundleCell();
        MeshIdentity identity = new MeshIdentity(own.source(), bundles, context.clock());

        // Who may have what. The registry joins with our help: our readiness must not wait for it, so its own is apart.
        Readiness heard = new Readiness(context.clock());
        this.registry = registry(context, identity, heard.task("catalog"));
        Admission admission = new Admission(
                trustDomain,
                tokens,
                banned,
                new CatalogRegistrations(() -> heard.ready() ? Optional.of(registry.current()) : Optional.empty()));

        // The edges.
        CaMetrics metrics = new CaMetrics(context.metrics(), authorities, journal);
        PushStreams streams = new PushStreams();
        authorities.onChange(image -> {
            age.authorities(image.version());
            bundles.publish(BundleMap.empty().with(image.bundle()));
            streams.changed();
        });
        this.server = new CaServer(
                config.listen(),
                trustDomain,
                identity,
                authorities,
                admission,
                issuer,
                crypto,
                metrics,
                streams,
                context.ticker());
        new ControlRoutes(trustDomain, authorities, journal, tokens, banned, config.joinTokenTtl(), this::advertised)
                .addTo(context.control());
    }

    /** The role, for a Main. */
    public static ProcessShell.Role role() {
        return new ProcessShell.Role(
                "spiffe-ca", (section, cluster, node) -> CaConfig.read(section, cluster), CaWiring::wire);
    }

    /** The role, wired and not started. */
    public static RunningProcess wire(ProcessContext context) {
        CaConfig config = CaConfig.read(context.section(), context.cluster());
        context.section().finish();
        try {
            return new CaWiring(context, config);
        } catch (CaException broken) {
            throw new StartException(ExitCode.STATE, String.valueOf(broken.getMessage()), broken.next(), broken);
        }
    }

    @Override
    public void start() {
        own.renewIfDue();
        try {
            server.start();
        } catch (IOException unbindable) {
            throw StartException.cannotListen("certificates", config.listen(), "spiffe-ca.listen", unbindable);
        }
        tasks.add(context.scheduler().every(LOOK, this::look));
        tasks.add(context.scheduler().every(COMPACT, journal::compact));
        registry.start();
        started = true;
        listening.done();
    }

    @Override
    public void drain(Duration deadline) {
        tasks.forEach(Cancellable::cancel);
        registry.close();
        // A listener that was never started has nothing to wait for.
        server.drain(started ? deadline : Duration.ZERO);
        age.issued(journal.issued());
        journal.close();
    }

    @Override
    public List<Listener> listeners() {
        return !started ? List.of() : List.of(new Listener("certificates", bound()));
    }

    @Override
    public Optional<SpiffeId> identity() {
        return Optional.of(own.id());
    }

    private static CatalogClient registry(ProcessContext context, MeshIdentity identity, Readiness.StartTask heard) {
        ClusterConfig cluster = context.cluster();
        SpiffeId expected = SystemIdentity.CLUSTER_REGISTRY.in(cluster.trustDomain());
        SpiffeId self = SystemIdentity.SPIFFE_CA.in(cluster.trustDomain());
        return new CatalogClient(
                () -> GrpcChannels.to(cluster.ports().registry(), identity, expected)
                        .maxInboundBytes(GrpcLimits.CATALOG_INBOUND_BYTES)
                        .open(),
                CatalogClient.node(self, cluster.cluster().name()),
                context.stateDirectory(),
                new WdsCodec(cluster.network()),
                context.scheduler(),
                heard);
    }

    /** While the disk refuses nothing moves and nothing is signed; what was signed before goes on being served. */
    private void look() {
        if (context.clock().instant().isBefore(diskRestsUntil)) {
            return;
        }
        try {
            age.issued(journal.issued());
            authorities.rotate();
            own.renewIfDue();
            diskRefuses = false;
        } catch (StateException e) {
            if (!diskRefuses) {
                LOG.atError()
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .addKeyValue(LogKeys.NEXT, e.next())
                        .log("the state cannot be written: no authority moves until it can");
            }
            diskRefuses = true;
            diskRestsUntil = context.clock().instant().plus(DISK_REST);
        }
    }

    private Optional<HostPort> advertised() {
        return started ? Optional.of(config.advertise().orElseGet(this::bound)) : Optional.empty();
    }

    private HostPort bound() {
        return new HostPort(config.listen().host(), server.port());
    }
}
