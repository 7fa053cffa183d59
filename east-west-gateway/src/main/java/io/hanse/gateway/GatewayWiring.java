/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import io.hanse.gateway.api.ControlRoutes;
import io.hanse.gateway.listener.PeerTunnels;
import io.hanse.gateway.listener.ServerNames;
import io.hanse.gateway.route.Routes;
import io.hanse.gateway.telemetry.GatewayLog;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.Listener;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessShell;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.svid.AuthorityWatch;
import io.hanse.runtime.svid.FirstSvid;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.telemetry.HboneCounters;
import io.hanse.runtime.trust.BundleStream;
import io.hanse.runtime.xds.CatalogClient;
import io.hanse.transport.hbone.EventLoops;
import io.hanse.transport.hbone.HboneServer;
import io.hanse.transport.hbone.HboneTls;
import io.hanse.transport.hbone.LiveConnection;
import io.hanse.transport.tls.SpiffeTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/** Makes each part of the gateway once, in the order of dependency, and starts and ends them. */
public final class GatewayWiring implements RunningProcess {

    private static final String LISTEN = "east-west-gateway.listen";

    private final GatewayConfig config;
    private final SpiffeId self;
    private final OwnSvid own;
    private final AuthorityWatch authorities;
    private final BundleStream bundles;
    private final CatalogClient catalog;
    private final EventLoops loops;
    private final SpiffeTls tls;
    private final HboneTls hboneTls;
    private final HboneServer server;
    private final Readiness.StartTask listening;

    private GatewayWiring(ProcessContext context, GatewayConfig config) {
        this.config = config;
        this.listening = context.readiness().task("listening");
        ClusterConfig cluster = context.cluster();
        TrustDomain trustDomain = cluster.trustDomain();
        this.self = SystemIdentity.EAST_WEST_GATEWAY.in(trustDomain);

        // Who we are, whom we trust, what there is.
        this.own = OwnSvid.of(context, self);
        this.bundles = BundleStream.of(context, own);
        MeshIdentity identity = new MeshIdentity(own, bundles, context.clock());
        this.authorities = new AuthorityWatch(cluster.ports().ca(), trustDomain, identity, context.scheduler());
        this.catalog = CatalogClient.of(context, self, identity);

        // From a request to a next hop.
        GatewayLog log = new GatewayLog(context.metrics());
        Routes routes = new Routes(config.hbonePort(), RandomGenerator.of("L64X128MixRandom"));
        routes.publish(catalog.current(), CatalogImage.empty().changesTo(catalog.current()));
        catalog.onChange(routes::publish);
        PeerTunnels tunnels = new PeerTunnels(
                trustDomain,
                routes,
                log,
                config.maxTunnelsPerPeer(),
                config.limits().handshake(),
                context.ticker());
        ServerNames names = new ServerNames(
                Map.of(
                        ServerNames.REGISTRY,
                        resolved(cluster.ports().registry(), "cluster-registry.listen"),
                        ServerNames.BUNDLE,
                        resolved(cluster.ports().bundleEndpoint(), "trust-bundle-exchange.bundleEndpoint")),
                log::passThrough);

        // The one port.
        this.loops = new EventLoops("gateway", config.threads());
        this.tls = new SpiffeTls(new SvidVerifier(context.clock()), bundles);
        this.hboneTls = new HboneTls(tls, bundles, context.clock());
        this.server = new HboneServer(
                loops,
                config.limits(),
                hboneTls,
                address -> own.current(),
                names,
                tunnels,
                new HboneCounters(context.metrics(), context.ticker()));
        new ControlRoutes(trustDomain, config.advertised(), bundles::current, catalog::connected, server, tunnels)
                .addTo(context.control());
    }

    /** The role, for a Main. */
    public static ProcessShell.Role role() {
        return new ProcessShell.Role(
                "east-west-gateway",
                (section, cluster, node) -> GatewayConfig.read(section, cluster),
                GatewayWiring::wire);
    }

    /** The role, wired and not started. */
    public static RunningProcess wire(ProcessContext context) {
        GatewayConfig config = GatewayConfig.read(context.section(), context.cluster());
        context.section().finish();
        return new GatewayWiring(context, config);
    }

    @Override
    public void start() {
        authorities.onChange(own::renewIfTainted);
        // Tunnels made with the SVID of before take no further calls and end with their last one.
        own.onChange(svid -> server.connections().forEach(LiveConnection::drain));
        own.start();
        FirstSvid.of(own, () -> {
            bundles.start();
            authorities.start();
            catalog.start();
        });
        try {
            server.bind(resolved(config.listen(), LISTEN)).join();
        } catch (CompletionException e) {
            throw StartException.cannotListen(
                    "hbone",
                    config.listen(),
                    LISTEN,
                    Optional.ofNullable(e.getCause()).orElse(e));
        }
        listening.done();
    }

    @Override
    public void drain(Duration deadline) {
        server.drain(deadline).join();
        catalog.close();
        authorities.close();
        bundles.close();
        own.close();
        hboneTls.close();
        tls.close();
        loops.close();
    }

    @Override
    public List<Listener> listeners() {
        return List.of(new Listener("hbone and pass-through", config.listen()));
    }

    @Override
    public Optional<SpiffeId> identity() {
        return Optional.of(self);
    }

    /** Once, at start: an event loop that dials must not wait for DNS. */
    static InetSocketAddress resolved(HostPort address, String key) {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "%s: the name of %s does not resolve".formatted(key, address),
                    "check the name, or write an IP address there, and start again: getent hosts " + address.host());
        }
        return resolved;
    }
}
