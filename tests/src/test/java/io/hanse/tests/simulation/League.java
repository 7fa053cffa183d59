/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsCall;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.Verification;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All clusters, the links between them, and the laws that look on. */
final class League {

    private final World world;
    private final Plant plant;
    private final List<Law> laws;
    private final List<Cluster> clusters = new ArrayList<>();
    private final Map<String, Link> links = new HashMap<>();
    private final Set<HostPort> closedGateways = new HashSet<>();
    private final Map<String, Instant> heard = new HashMap<>();
    private final Ledger ledger;
    private final Calls calls;
    private long declarations;
    private boolean begun;

    League(World world, Plant plant, List<Law> laws) {
        this.world = world;
        this.plant = plant;
        this.laws = List.copyOf(laws);
        this.ledger = new Ledger(this);
        this.calls = new Calls(this);
        world.afterEach(ledger::look);
    }

    Cluster found(String name, Duration skew, Truth truth) {
        Cluster made = new Cluster(this, clusters.size() + 1, name, skew, truth);
        clusters.add(made);
        return made;
    }

    /** From now on the laws look on. */
    void begin() {
        begun = true;
        world.afterEach(() -> laws.forEach(law -> law.look(this)));
    }

    World world() {
        return world;
    }

    Plant plant() {
        return plant;
    }

    Ledger ledger() {
        return ledger;
    }

    Calls calls() {
        return calls;
    }

    List<Cluster> clusters() {
        return List.copyOf(clusters);
    }

    Optional<Cluster> of(TrustDomain trustDomain) {
        return clusters.stream()
                .filter(one -> one.trustDomain().equals(trustDomain))
                .findFirst();
    }

    Link link(Cluster one, Cluster other) {
        String key = one.name().compareTo(other.name()) < 0 ? one + "-" + other : other + "-" + one;
        return links.computeIfAbsent(key, fresh -> new Link(world, one, other));
    }

    List<Link> linksOf(Cluster cluster) {
        return clusters.stream()
                .filter(other -> other != cluster)
                .map(other -> link(cluster, other))
                .toList();
    }

    boolean isWhole(Cluster cluster) {
        return linksOf(cluster).stream().noneMatch(Link::isCut);
    }

    /** Whose gateway listens there, if it does. */
    Optional<Cluster> behind(HostPort gateway) {
        return closedGateways.contains(gateway) ? Optional.empty() : owner(gateway);
    }

    Optional<Cluster> owner(HostPort gateway) {
        return clusters.stream().filter(one -> one.gateways().contains(gateway)).findFirst();
    }

    void gateway(HostPort gateway, boolean open) {
        boolean changed = open ? closedGateways.remove(gateway) : closedGateways.add(gateway);
        if (changed) {
            Cluster owner = owner(gateway).orElseThrow();
            owner.trouble();
            world.transcript().say(owner.name(), "gateway %s %s".formatted(gateway, open ? "opens" : "closes"));
        }
    }

    boolean gatewaysOpen(Cluster cluster) {
        return cluster.gateways().stream().noneMatch(closedGateways::contains);
    }

    /** When something between or in two clusters was last not as it should be. */
    Instant troubled(Cluster one, Cluster other) {
        Instant latest = one.troubled().isAfter(other.troubled()) ? one.troubled() : other.troubled();
        if (one == other) {
            return latest;
        }
        if (!gatewaysOpen(one) || !gatewaysOpen(other)) {
            return world.now();
        }
        Instant between = link(one, other).troubled();
        return between.isAfter(latest) ? between : latest;
    }

    boolean calm(Cluster one, Cluster other, Duration span) {
        return !troubled(one, other).plus(span).isAfter(world.now());
    }

    // What the world tells the laws.

    /** Judges as the product does, and tells the laws what came of it. */
    Verification check(Cluster verifier, BundleMap trust, Cluster signer, List<X509Certificate> chain) {
        Verification verification = Crypto.verifier(verifier.ca().clock()).verify(chain, trust);
        Optional<ReasonCode> refused =
                verification instanceof Verification.Refused no ? Optional.of(no.reason()) : Optional.empty();
        handshake(verifier, signer, chain.getFirst(), refused);
        return verification;
    }

    Optional<ReasonCode> verify(Cluster verifier, BundleMap trust, Cluster signer, List<X509Certificate> chain) {
        return check(verifier, trust, signer, chain) instanceof Verification.Refused no
                ? Optional.of(no.reason())
                : Optional.empty();
    }

    void handshake(Cluster verifier, Cluster signer, X509Certificate leaf, Optional<ReasonCode> refused) {
        if (begun) {
            laws.forEach(law -> law.handshake(verifier, signer, leaf, refused));
        }
    }

    void forged(Cluster verifier, Cluster forger, SpiffeId claimed, boolean taken) {
        laws.forEach(law -> law.forged(verifier, forger, claimed, taken));
    }

    void answered(Cluster from, Cluster to, HttpsCall call, HttpsAnswer.Answered answer) {
        laws.forEach(law -> law.answered(from, to, call, answer));
    }

    void issued(Cluster cluster, SpiffeId id, boolean issued) {
        laws.forEach(law -> law.issued(
                cluster,
                id,
                issued || cluster.ca().wasRefused() || !cluster.ca().isUp()));
    }

    void called(CallResult result) {
        laws.forEach(law -> law.called(this, result));
    }

    void atRest() {
        laws.forEach(law -> law.atRest(this));
    }

    /** An operator has said something. */
    void declared() {
        declarations++;
    }

    /** Grows with everything that any operator says. */
    long declarations() {
        return declarations;
    }

    /** A registry's word reached another registry. */
    void heard(Cluster client, Cluster server) {
        heard.put(client + "<" + server, world.now());
    }

    Optional<Instant> lastHeard(Cluster client, Cluster server) {
        return Optional.ofNullable(heard.get(client + "<" + server));
    }

    /** The relationship as {@code one} holds it. */
    Optional<Relationship> relationship(Cluster one, Cluster other) {
        return Optional.ofNullable(one.exchange().state().relationships().get(other.trustDomain()));
    }

    boolean isEstablished(Cluster one, Cluster other) {
        return relationship(one, other)
                .filter(held -> held.state() == Relationship.State.ESTABLISHED)
                .isPresent();
    }

    void close(Tunnel tunnel) {
        calls.ended();
        tunnel.client.proxy().close(tunnel);
        tunnel.server.proxy().close(tunnel);
    }
}
