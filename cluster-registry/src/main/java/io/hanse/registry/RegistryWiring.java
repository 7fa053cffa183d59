/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.api.RegistryMetrics;
import io.hanse.registry.api.RegistryRoutes;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.replica.HazelcastImportStore;
import io.hanse.registry.source.DirectorySource;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.grpc.GrpcLimits;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.HandshakeCounters;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.Listener;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessShell;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.svid.AuthorityWatch;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.trust.BundleStream;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.trust.RelationshipStream;
import io.hanse.transport.tls.PeerCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Makes each part of cluster-registry once, in the order of dependency, and starts and ends them. */
public final class RegistryWiring implements RunningProcess {

    /** A node that comes back lists the names and versions of 100,000 resources, some 90 bytes each. */
    private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

    private final RegistryConfig config;
    private final Readiness.StartTask serving;
    private final OwnSvid own;
    private final BundleStream bundles;
    private final AuthorityWatch authorities;
    private final Catalog catalog;
    private final DirectorySource source;
    private final HazelcastImportStore store;
    private final AdsServer ads;
    private final PeerImports imports;
    private final RelationshipStream relationships;
    private final GrpcServer server;
    private final AtomicBoolean identified = new AtomicBoolean();

    private RegistryWiring(ProcessContext context, RegistryConfig config) {
        this.config = config;
        this.serving = context.readiness().task("listening");
        ClusterConfig cluster = context.cluster();
        TrustDomain trustDomain = cluster.trustDomain();
        Path state = context.stateDirectory();

        // Who we are and whom we know.
        this.own = OwnSvid.of(context, SystemIdentity.CLUSTER_REGISTRY.in(trustDomain));
        this.bundles = BundleStream.of(context, own);
        MeshIdentity identity = new MeshIdentity(own, bundles, context.clock());
        this.authorities = new AuthorityWatch(cluster.ports().ca(), trustDomain, identity, context.scheduler());
        authorities.onChange(own::renewIfTainted);

        // What we know.
        ClusterFacts facts = new ClusterFacts(cluster.cluster(), trustDomain, cluster.network());
        this.catalog = new Catalog(facts, context.clock());
        this.source =
                new DirectorySource(cluster.manifests(), state.resolve("manifests-last-good"), context.scheduler());
        this.store = new HazelcastImportStore(config.replicas(), context.scheduler());

        // Whom we tell, and who tells us.
        this.ads = new AdsServer(facts, catalog, context.scheduler(), context.clock(), config.heartbeat());
        this.imports = PeerImports.over(
                identity,
                catalog,
                store,
                state.resolve("imports"),
                context.scheduler(),
                context.clock(),
                config.imports());
        this.relationships = RelationshipStream.of(context, identity, this::relationshipsChanged);
        this.server = GrpcServer.at(config.listen(), identity)
                .callers(callers(trustDomain))
                .refusedHandshakes(new HandshakeCounters(context.metrics(), context.ticker(), "cluster-registry"))
                .limits(GrpcLimits.defaults().withMaxInboundBytes(MAX_REQUEST_BYTES))
                .service(ads)
                .build();

        // What operators see.
        new RegistryRoutes(facts, catalog, ads, imports, relationships, store).addTo(context.control());
        RegistryMetrics.register(context.metrics(), catalog, ads, imports);
        own.onChange(svid -> identified());
    }

    /** The role, for a Main. */
    public static ProcessShell.Role role() {
        return new ProcessShell.Role(
                "cluster-registry",
                (section, cluster, node) -> RegistryConfig.read(section, cluster),
                RegistryWiring::wire);
    }

    /** The role, wired and not started. */
    public static RunningProcess wire(ProcessContext context) {
        RegistryConfig config = RegistryConfig.read(context.section(), context.cluster());
        context.section().finish();
        return new RegistryWiring(context, config);
    }

    /** Strangers end at the handshake; who of a peer may read what is decided by stream. */
    private static PeerCheck callers(TrustDomain own) {
        PeerCheck members = PeerCheck.memberOf(own);
        return id -> SystemIdentity.CLUSTER_REGISTRY.is(id) ? Optional.empty() : members.check(id);
    }

    /** What was known before is complete before the first client is served, so that no restart takes anything away. */
    @Override
    public void start() {
        source.start(catalog::sourceChanged);
        store.start();
        imports.start();
        own.start();
        relationships.readKept();
        try {
            server.start();
        } catch (IOException unbindable) {
            throw StartException.cannotListen("delta xDS", config.listen(), "cluster-registry.listen", unbindable);
        }
        if (own.current().isPresent()) {
            identified();
        }
        serving.done();
    }

    @Override
    public void drain(Duration deadline) {
        source.close();
        ads.close();
        server.drain(deadline);
        relationships.close();
        imports.close();
        authorities.close();
        bundles.close();
        own.close();
        store.close();
    }

    @Override
    public List<Listener> listeners() {
        return List.of(new Listener("delta xDS", new HostPort(config.listen().host(), server.port())));
    }

    @Override
    public Optional<SpiffeId> identity() {
        return own.current().map(svid -> svid.id());
    }

    private void identified() {
        if (identified.compareAndSet(false, true)) {
            bundles.start();
            authorities.start();
            relationships.start();
        }
    }

    private void relationshipsChanged(List<Relationship> live) {
        ads.relationships(live.stream().map(Relationship::trustDomain).collect(Collectors.toSet()));
        imports.relationships(live);
    }
}
