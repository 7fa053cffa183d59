/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange;

import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.publish.AuthorityStream;
import io.hanse.exchange.publish.BundleServer;
import io.hanse.exchange.publish.OwnBundle;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.stream.TrustStream;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.process.Listener;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.svid.AuthorityWatch;
import io.hanse.runtime.svid.OwnSvid;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wired process: in which order its parts begin and end. */
final class ExchangeProcess implements RunningProcess {

    /** How often a peer that could not be told of a farewell is tried again. */
    private static final Duration FAREWELL_RETRY = Duration.ofSeconds(15);

    private final Identity identity;
    private final Doors doors;
    private final PeerPolling polling;
    private final Leaving leaving;
    private final Scheduler scheduler;
    private final List<Listener> listeners = new ArrayList<>();
    private Cancellable farewells = () -> {};

    /** Who this process is and what its spiffe-ca tells it. */
    record Identity(SpiffeId id, OwnSvid svid, AuthorityWatch watch, AuthorityStream authority, OwnBundle ownBundle) {}

    /** What it listens on. */
    record Doors(
            BundleServer spiffeEndpoint,
            Optional<BundleServer> webEndpoint,
            GrpcServer grpc,
            HostPort grpcAddress,
            TrustStream stream) {}

    ExchangeProcess(Identity identity, Doors doors, PeerPolling polling, Leaving leaving, Scheduler scheduler) {
        this.identity = identity;
        this.doors = doors;
        this.polling = polling;
        this.leaving = leaving;
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        identity.svid().start();
        listeners.add(new Listener(
                "bundle endpoint, https_spiffe", doors.spiffeEndpoint().start()));
        doors.webEndpoint().ifPresent(web -> listeners.add(new Listener("bundle endpoint, https_web", web.start())));
        try {
            int port = doors.grpc().start().port();
            listeners.add(new Listener(
                    "trust stream", new HostPort(doors.grpcAddress().host(), port)));
        } catch (IOException e) {
            throw StartException.cannotListen("trust stream", doors.grpcAddress(), "trust-bundle-exchange.listen", e);
        }
        identity.ownBundle().start();
        identity.authority().start();
        identity.watch().start();
        polling.start();
        farewells = scheduler.every(FAREWELL_RETRY, leaving::sayAll);
    }

    @Override
    public void drain(Duration deadline) {
        farewells.cancel();
        polling.close();
        doors.stream().close();
        doors.grpc().drain(deadline);
        doors.webEndpoint().ifPresent(BundleServer::close);
        doors.spiffeEndpoint().close();
        identity.ownBundle().close();
        identity.authority().close();
        identity.watch().close();
        identity.svid().close();
    }

    @Override
    public List<Listener> listeners() {
        return List.copyOf(listeners);
    }

    @Override
    public Optional<SpiffeId> identity() {
        return Optional.of(identity.id());
    }
}
