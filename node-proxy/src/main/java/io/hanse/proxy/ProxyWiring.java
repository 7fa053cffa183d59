/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.proxy.api.ControlRoutes;
import io.hanse.proxy.api.Explain;
import io.hanse.proxy.capture.Duty;
import io.hanse.proxy.capture.ExplicitListeners;
import io.hanse.proxy.endpoint.EndpointChoice;
import io.hanse.proxy.endpoint.EndpointHealth;
import io.hanse.proxy.identity.WorkloadSvids;
import io.hanse.proxy.inbound.InboundListeners;
import io.hanse.proxy.inbound.InboundTunnels;
import io.hanse.proxy.inbound.PlainCalls;
import io.hanse.proxy.outbound.GatewayAddresses;
import io.hanse.proxy.outbound.OutboundCalls;
import io.hanse.proxy.outbound.OutboundRoutes;
import io.hanse.proxy.probe.PeerProbes;
import io.hanse.proxy.telemetry.ProxyCounters;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.proxy.workloadapi.CaJwtMinter;
import io.hanse.proxy.workloadapi.CallAdmission;
import io.hanse.proxy.workloadapi.CallLimits;
import io.hanse.proxy.workloadapi.WorkloadApi;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessShell;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.svid.AuthorityWatch;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.FirstSvid;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.trust.BundleStream;
import io.hanse.runtime.trust.Relationship;
import io.hanse.runtime.trust.RelationshipStream;
import io.hanse.runtime.xds.CatalogClient;
import io.hanse.transport.hbone.ConnectionGate;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneLimits;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.LiveConnection;
import io.hanse.transport.hbone.PlainForward;
import io.hanse.transport.hbone.TunnelPool;
import io.hanse.transport.tls.SpiffeTls;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Makes each part of the node proxy once, in the order of dependency, and starts and ends them. */
public final class ProxyWiring implements RunningProcess {

    /** How soon an address that was in use, or a gateway's name that changed, is tried again. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(10);

    private final ProcessContext context;
    private final String node;
    private final SpiffeId self;
    private final OwnSvid own;
    private final BundleStream bundles;
    private final AuthorityWatch authorities;
    private final CatalogClient catalog;
    private final RelationshipStream relationships;
    private final CertificateClient certificates;
    private final WorkloadSvids svids;
    private final LocalIdentities identities;
    private final CaJwtMinter minter;
    private final WorkloadApi workloadApi;
    private final EndpointHealth health;
    private final GatewayAddresses gateways;
    private final EventLoops loops;
    private final SpiffeTls tls;
    private final HboneTls hboneTls;
    private final TunnelPool pool;
    private final HboneServer server;
    private final InboundTunnels inbound;
    private final InboundListeners inboundListeners;
    private final OutboundCalls outbound;
    private final PlainCalls plain;
    private final ExplicitListeners listeners;
    private final PeerProbes probes;
    private final Readiness.StartTask serving;
    private final Object publishing = new Object();
    private boolean draining;

    private ProxyWiring(ProcessContext context, ProxyConfig config) {
        this.context = context;
        this.node = config.node();
        this.serving = context.readiness().task("workloads served");
        ClusterConfig cluster = context.cluster();
        TrustDomain trustDomain = cluster.trustDomain();
        this.self = SystemIdentity.node(trustDomain, node);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

        // Who we are, whom we trust, what there is.
        this.own = OwnSvid.of(context, self);
        this.bundles = BundleStream.of(context, own);
        MeshIdentity identity = new MeshIdentity(own, bundles, context.clock());
        this.authorities = new AuthorityWatch(cluster.ports().ca(), trustDomain, identity, context.scheduler());
        this.catalog = CatalogClient.of(context, self, identity);

        // Our workloads' identities.
        this.certificates = new CertificateClient(cluster.ports().ca(), trustDomain, identity);
        this.svids = new WorkloadSvids(
                workload -> certificates.impersonate(workload, config.svidTtl()).svid(),
                context.stateDirectory().resolve("svids"),
                context.scheduler(),
                context.clock(),
                context.readiness().task("workload certificates"));
        this.identities = new LocalIdentities(catalog, node, self, own, svids);
        this.minter = new CaJwtMinter(cluster.ports().ca(), trustDomain, identity);
        this.workloadApi = new WorkloadApi(
                config.workloadApi(),
                trustDomain,
                svids::of,
                bundles,
                minter,
                new CallAdmission(CallLimits.usual(), context.metrics(), context.ticker()),
                context.scheduler(),
                context.clock());

        // The byte path.
        ProxyLog log = new ProxyLog(new ProxyCounters(context.metrics()));
        HboneCounters counters = new HboneCounters(context.metrics(), context.ticker());
        HboneLimits limits = config.limits();
        this.loops = new EventLoops("proxy", config.threads());
        this.tls = new SpiffeTls(new SvidVerifier(context.clock()), bundles);
        this.hboneTls = new HboneTls(tls, bundles, context.clock());

        // Calls to our workloads.
        this.inbound = new InboundTunnels(trustDomain, node, config.hbonePort(), log, context.scheduler());
        this.server =
                new HboneServer(loops, limits, hboneTls, identities::at, ConnectionGate.HBONE_ONLY, inbound, counters);
        this.inboundListeners = new InboundListeners(server, config.hbonePort());
        this.plain = new PlainCalls(inbound, new PlainForward(loops, limits.connect()), log);

        // Calls of our workloads.
        this.health = new EndpointHealth(context.ticker());
        this.gateways = new GatewayAddresses();
        this.pool = new TunnelPool(loops, limits, hboneTls, identities::of, counters);
        OutboundRoutes routes = new OutboundRoutes(
                self, cluster.network(), cluster.cluster().name(), config.hbonePort(), gateways, health);
        EndpointChoice choice = new EndpointChoice(health, random);
        this.outbound = new OutboundCalls(catalog::current, routes, choice, health, pool, log);
        this.listeners = new ExplicitListeners(loops, this::take);

        // What operators see.
        this.probes = new PeerProbes(
                catalog::current, routes, pool, context.scheduler(), context.clock(), config.probePeriod());
        this.relationships = RelationshipStream.of(context, identity, this::peersChanged);
        Explain explain = new Explain(catalog::current, bundles::current, svids::of, routes, choice, pool);
        new ControlRoutes(
                        node,
                        self,
                        cluster,
                        catalog,
                        bundles,
                        svids,
                        workloadApi,
                        listeners,
                        inboundListeners,
                        probes,
                        explain)
                .addTo(context.control());
    }

    /** The role, for a Main. */
    public static ProcessShell.Role role() {
        return new ProcessShell.Role(
                "node-proxy", (section, cluster, node) -> ProxyConfig.read(section, node), ProxyWiring::wire);
    }

    /** The role, wired and not started. */
    public static RunningProcess wire(ProcessContext context) {
        ProxyConfig config = ProxyConfig.read(context.section(), context.node().orElse("a"));
        context.section().finish();
        return new ProxyWiring(context, config);
    }

    @Override
    public void start() {
        authorities.onChange(own::renewIfTainted);
        authorities.onChange(svids::renewIfTainted);
        svids.onChange(this::renewed);
        svids.onChange(id -> workloadApi.changed());
        bundles.onChange(map -> workloadApi.changed());
        own.onChange(svid -> pool.renewed(svid.id()));
        catalog.onChange((image, delta) -> context.scheduler().now(this::publish));
        // What was said last is served before anybody answers (fail static).
        relationships.readKept();
        publish();
        own.start();
        FirstSvid.of(own, this::identified);
        context.scheduler().every(SECOND_LOOK, this::lookAgain);
        serving.done();
    }

    @Override
    public void drain(Duration deadline) {
        synchronized (publishing) {
            draining = true;
        }
        listeners.close();
        probes.close();
        workloadApi.drain(deadline);
        server.drain(deadline).join();
        pool.drain(Duration.ZERO).join();
        svids.close();
        relationships.close();
        catalog.close();
        authorities.close();
        certificates.close();
        minter.close();
        bundles.close();
        own.close();
        hboneTls.close();
        tls.close();
        loops.close();
    }

    @Override
    public Optional<SpiffeId> identity() {
        return Optional.of(self);
    }

    private void identified() {
        bundles.start();
        authorities.start();
        catalog.start();
        relationships.start();
    }

    /**
     * Tunnels made with the SVID of before, from here or to here, take no further calls and end with their last one: when
     * its authority is revoked, nothing stands on it any more.
     */
    private void renewed(SpiffeId id) {
        pool.renewed(id);
        for (LiveConnection connection : server.connections()) {
            if (identities
                    .workloadAt(connection.localAddress())
                    .map(Workload::spiffeId)
                    .equals(Optional.of(id))) {
                connection.drain();
            }
        }
    }

    /** One image after the other: a later one never loses to an earlier one. */
    private void publish() {
        synchronized (publishing) {
            if (draining) {
                return;
            }
            CatalogImage image = catalog.current();
            List<Workload> local = image.onNode(node);
            inbound.publish(image, server::connections);
            plain.publish();
            svids.publish(local.stream().map(Workload::spiffeId).collect(Collectors.toSet()));
            workloadApi.publish(local);
            inboundListeners.publish(local);
            listeners.publish(local);
            health.forgetAllBut(image.workloads().keySet(), gateways.known(image));
        }
        // Not while others wait: names are peers' names, and their DNS must not hold up our policies.
        gateways.refresh(catalog::current);
    }

    private void peersChanged(List<Relationship> peers) {
        gateways.publish(peers);
        context.scheduler().now(() -> gateways.refresh(catalog::current));
        probes.publish(peers);
    }

    private void lookAgain() {
        inboundListeners.retry();
        listeners.retry();
        gateways.refresh(catalog::current);
    }

    private void take(Channel channel, Duty duty) {
        switch (duty) {
            case Duty.Out out ->
                outbound.call(
                        channel,
                        out.workload(),
                        out.outbound().service(),
                        out.outbound().port());
            case Duty.In in -> plain.call(channel, in.workload(), in.inbound().port());
        }
    }
}
