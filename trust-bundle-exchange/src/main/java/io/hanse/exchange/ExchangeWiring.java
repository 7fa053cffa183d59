/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange;

import io.grpc.ManagedChannel;
import io.hanse.exchange.control.ControlRoutes;
import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsCaller;
import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.fetch.PollSchedule;
import io.hanse.exchange.publish.AuthorityStream;
import io.hanse.exchange.publish.BundleServer;
import io.hanse.exchange.publish.OwnBundle;
import io.hanse.exchange.publish.WebCertificate;
import io.hanse.exchange.relationship.Accepting;
import io.hanse.exchange.relationship.CaTokenMinter;
import io.hanse.exchange.relationship.Configuring;
import io.hanse.exchange.relationship.GatewayDoor;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.relationship.PeerDesk;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.stream.TrustStream;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.files.StateMark;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.HandshakeCounters;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.ProcessShell;
import io.hanse.runtime.process.Readiness.StartTask;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.svid.AuthorityWatch;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.SvidKeyManager;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.net.KeyCertOptions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes every part of trust-bundle-exchange once, in the order in which they need each other. */
public final class ExchangeWiring {

    private ExchangeWiring() {}

    /** The role, for a Main. */
    public static ProcessShell.Role role() {
        return new ProcessShell.Role(
                "trust-bundle-exchange",
                (section, cluster, node) -> ExchangeConfig.read(cluster, section),
                ExchangeWiring::wire);
    }

    /** The process, wired and not started. */
    public static RunningProcess wire(ProcessContext context) {
        try {
            return parts(context);
        } catch (ExchangeException broken) {
            ExitCode code =
                    broken.code() == ExchangeException.Code.CERTIFICATE_UNREADABLE ? ExitCode.CONFIG : ExitCode.STATE;
            throw new StartException(code, String.valueOf(broken.getMessage()), broken.next(), broken);
        }
    }

    private static RunningProcess parts(ProcessContext context) {
        ExchangeConfig config = ExchangeConfig.read(context.cluster(), context.section());
        context.section().finish();
        ClusterConfig cluster = context.cluster();
        TrustDomain trustDomain = cluster.trustDomain();
        InstantSource clock = context.clock();
        Scheduler scheduler = context.scheduler();
        Ourselves us =
                new Ourselves(cluster.cluster(), trustDomain, cluster.ports().gatewaysAdvertised());

        // What is remembered, and who we are.
        StateStore store = StateStore.open(
                context.stateDirectory(), trustDomain, StateMark.open(cluster.markDirectory(), context.instance()));
        TrustView trust = new TrustView(store);
        OwnSvid ownSvid = OwnSvid.of(context, us.endpointId());
        MeshIdentity towardsCa = new MeshIdentity(ownSvid, ownSvid.roots(), clock);
        SpiffeId ca = SystemIdentity.SPIFFE_CA.in(trustDomain);
        HostPort caAddress = cluster.ports().ca();
        Supplier<ManagedChannel> caChannels =
                () -> GrpcChannels.to(caAddress, towardsCa, ca).workloadApi().open();
        AuthorityWatch authorityWatch = new AuthorityWatch(caAddress, trustDomain, towardsCa, scheduler);
        authorityWatch.onChange(ownSvid::renewIfTainted);

        // The own bundle.
        AuthorityStream authority = new AuthorityStream(trustDomain, caChannels, scheduler);
        authority.onChange(map -> map.of(trustDomain).ifPresent(ownSvid::learnRoots));
        StartTask bundleKnown = context.readiness().task("own bundle");
        OwnBundle ownBundle =
                new OwnBundle(trustDomain, config.refreshHint(), store, authority, scheduler, bundleKnown::done);

        // Peers.
        SvidVerifier verifier = new SvidVerifier(clock);
        Doorway doorway = new Doorway(new HttpsCaller(context.vertx()), context.ticker());
        PeerPolling polling = new PeerPolling(
                store,
                new BundleFetcher(doorway, verifier, trust, config.fetchTimeout()).believing(config.webAuthorities()),
                new PollSchedule(config.minPoll()),
                scheduler,
                clock,
                RandomGenerator.of("L64X128MixRandom"),
                context.metrics());
        GatewayDoor door = new GatewayDoor(doorway, verifier, config.fetchTimeout());
        Inviting inviting = new Inviting(us, store, clock, new SecureRandom());
        Accepting accepting = new Accepting(us, store, door, clock);
        Leaving leaving = new Leaving(
                us, store, door, new CaTokenMinter(us.endpointId(), caChannels), clock, config.farewellPersistence());

        // Doors: to the world, to our own, to the operator.
        BundleServer.Surroundings surroundings =
                new BundleServer.Surroundings(scheduler, clock, context.ticker(), context.metrics());
        BundleServer spiffeEndpoint = new BundleServer(
                context.vertx(),
                config.bundleEndpoint(),
                "https_spiffe",
                KeyCertOptions.wrap(new SvidKeyManager(ownSvid)),
                store,
                Optional.of(new PeerDesk(inviting, leaving)),
                surroundings);
        Optional<BundleServer> webEndpoint = config.web()
                .map(web -> new BundleServer(
                        context.vertx(),
                        web.address(),
                        "https_web",
                        WebCertificate.read(web.certificate(), web.key()),
                        store,
                        Optional.empty(),
                        surroundings));
        TrustStream stream = new TrustStream(store);
        GrpcServer.Builder listener = GrpcServer.at(config.stream(), new MeshIdentity(ownSvid, trust, clock))
                .callers(PeerCheck.memberOf(trustDomain))
                .refusedHandshakes(new HandshakeCounters(context.metrics(), context.ticker(), "trust-bundle-exchange"));
        stream.services().forEach(listener::service);
        new ControlRoutes(
                        us,
                        store,
                        new ControlRoutes.Rooms(
                                inviting, accepting, leaving, new Configuring(us, store, clock), polling),
                        clock,
                        config.invitationTtl(),
                        stream::subscribers)
                .addTo(context.control());
        gauges(context, store, stream);
        return new ExchangeProcess(
                new ExchangeProcess.Identity(us.endpointId(), ownSvid, authorityWatch, authority, ownBundle),
                new ExchangeProcess.Doors(spiffeEndpoint, webEndpoint, listener.build(), config.stream(), stream),
                polling,
                leaving,
                scheduler);
    }

    private static void gauges(ProcessContext context, StateStore store, TrustStream stream) {
        Gauge.builder(
                        "hanse.exchange.relationships",
                        store,
                        held -> held.current().relationships().size())
                .description("Relationships with other trust domains")
                .register(context.metrics());
        Gauge.builder("hanse.exchange.subscribers", stream, TrustStream::subscribers)
                .description("Open streams of bundles and relationships")
                .register(context.metrics());
        Gauge.builder(
                        "hanse.exchange.own.sequence",
                        store,
                        held -> held.current()
                                .own()
                                .map(bundle -> (double) bundle.sequence().orElse(0))
                                .orElse(Double.NaN))
                .description("spiffe_sequence of the own bundle")
                .register(context.metrics());
    }
}
