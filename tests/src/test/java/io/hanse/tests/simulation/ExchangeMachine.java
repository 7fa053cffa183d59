/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.fetch.BundleFetcher;
import io.hanse.exchange.fetch.Doorway;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.exchange.fetch.HttpsLine;
import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.fetch.PollSchedule;
import io.hanse.exchange.publish.OwnBundle;
import io.hanse.exchange.publish.PeerRequests;
import io.hanse.exchange.relationship.Accepting;
import io.hanse.exchange.relationship.GatewayDoor;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.relationship.PeerDesk;
import io.hanse.exchange.relationship.PeerDoor;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.files.StateMark;
import io.hanse.runtime.time.Scheduler;
import io.hanse.tests.simulation.disk.SimDisk;
import io.hanse.transport.tls.BundleCell;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** trust-bundle-exchange: all of its rooms but the sockets. */
final class ExchangeMachine extends Machine {

    /** What one start makes. */
    private record Parts(
            StateStore store,
            BundleCell keys,
            Inviting inviting,
            Accepting accepting,
            Leaving leaving,
            PeerDesk desk) {}

    private final Ourselves us;
    private final Cluster cluster;
    private final HttpsLine line;
    private @Nullable Parts parts;
    private ExchangeState last = ExchangeState.empty();
    private boolean accepting;

    ExchangeMachine(World world, Cluster cluster, Ourselves us, Duration skew, HttpsLine line) {
        super(world, cluster.name() + "/exchange", skew, true);
        this.cluster = cluster;
        this.us = us;
        this.line = line;
    }

    @Override
    void boot() {
        Scheduler scheduler = scheduler();
        StateStore store = open(disk);
        TrustView trust = new TrustView(store);
        BundleCell keys = new BundleCell();
        OwnBundle own = new OwnBundle(us.trustDomain(), Pace.HINT, store, keys, scheduler, () -> {});
        SvidVerifier verifier = Crypto.verifier(clock());
        Doorway doorway = new Doorway(line, this::nanos);
        PeerPolling polling = new PeerPolling(
                store,
                new BundleFetcher(doorway, verifier, trust, BundleFetcher.LIMIT),
                new PollSchedule(Duration.ofSeconds(1)),
                scheduler,
                clock(),
                world.stream(),
                new SimpleMeterRegistry());
        PeerDoor door = new GatewayDoor(doorway, verifier, BundleFetcher.LIMIT);
        Inviting inviting = new Inviting(us, store, clock(), new SeededRandom(world.stream()));
        Leaving leaving = new Leaving(
                us,
                store,
                door,
                audience -> cluster.ca()
                        .mint(us.endpointId(), audience)
                        .orElseThrow(() -> new ExchangeException(
                                ExchangeException.Code.TOKEN_NOT_MINTED, "spiffe-ca minted no token", "wait")),
                clock(),
                Leaving.USUAL_PERSISTENCE);
        accepting = false;
        parts = new Parts(
                store,
                keys,
                inviting,
                new Accepting(us, store, door, clock()),
                leaving,
                new PeerDesk(inviting, leaving));
        store.onChange(() -> {
            last = store.current();
            cluster.trustChanged();
        });
        last = store.current();
        own.start();
        polling.start();
        scheduler.every(Pace.FAREWELL_RETRY, leaving::sayAll);
        cluster.trustChanged();
        cluster.keysChanged();
    }

    private StateStore open(SimDisk where) {
        return StateStore.open(
                where.root().resolve("state"),
                us.trustDomain(),
                StateMark.open(where.root().resolve("marks"), "trust-bundle-exchange"));
    }

    @Override
    void gone() {
        parts = null;
    }

    /** What it holds; while it is down, what it held last. */
    ExchangeState state() {
        return last;
    }

    /** spiffe-ca's stream says which keys there are. */
    void hear(TrustBundle keys) {
        Parts now = parts;
        if (now != null) {
            life().run(() -> now.keys().publish(BundleMap.empty().with(keys)));
        }
    }

    Optional<Inviting> inviting() {
        return Optional.ofNullable(parts).map(Parts::inviting);
    }

    Optional<Leaving> leaving() {
        return Optional.ofNullable(parts).map(Parts::leaving);
    }

    Optional<StateStore> store() {
        return Optional.ofNullable(parts).map(Parts::store);
    }

    /** Who would accept an invitation next; empty while one is being accepted, for the product takes one at a time. */
    Optional<Accepting> accepting() {
        return Optional.ofNullable(parts).filter(now -> !accepting).map(Parts::accepting);
    }

    /** Accepts in somebody else's name, with this cluster's own bundle; remembers nothing. */
    Accepting claiming(Cluster victim) {
        StateStore scratch = open(new SimDisk(world.stream()));
        last.own().ifPresent(own -> scratch.change(state -> state.withOwn(own)));
        return new Accepting(
                new Ourselves(victim.clusterName(), victim.trustDomain(), us.gateways()),
                scratch,
                new GatewayDoor(new Doorway(line, this::nanos), Crypto.verifier(clock()), BundleFetcher.LIMIT),
                clock());
    }

    void acceptBegins() {
        accepting = true;
    }

    void acceptEnds() {
        accepting = false;
    }

    /** A request that got through, as the bundle endpoint serves it; empty if the process is or goes away. */
    Optional<HttpsAnswer.Answered> serve(HttpsCall call) {
        Parts now = parts;
        if (now == null) {
            return Optional.empty();
        }
        HttpsAnswer.Answered[] answer = new HttpsAnswer.Answered[1];
        life().run(() -> answer[0] = answer(now, call));
        return isUp() ? Optional.ofNullable(answer[0]) : Optional.empty();
    }

    private HttpsAnswer.Answered answer(Parts now, HttpsCall call) {
        String path = String.valueOf(call.url().getPath());
        if (path.equals(PeerDoor.ACCEPT_PATH)) {
            cluster.forgetUse(now.store());
            return answered(now.desk()
                    .accept(
                            call.body().orElseThrow(),
                            Optional.ofNullable(call.headers().get(PeerDoor.PROOF_HEADER))));
        }
        if (path.equals(PeerDoor.FAREWELL_PATH)) {
            return answered(
                    now.desk().farewell(Optional.ofNullable(call.headers().get("Authorization"))));
        }
        Optional<TrustBundle> own = now.store().current().own();
        return own.isEmpty()
                ? answered(new PeerRequests.PeerReply(503, true, "text/plain", Body.of("")))
                : answered(new PeerRequests.PeerReply(
                        200, true, "application/json", Body.of(BundleJson.format(cluster.document(own.get())))));
    }

    private HttpsAnswer.Answered answered(PeerRequests.PeerReply reply) {
        return new HttpsAnswer.Answered(reply.status(), Optional.empty(), Optional.of(time()), reply.body());
    }
}
