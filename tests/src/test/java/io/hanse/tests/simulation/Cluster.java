/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.Authority;
import io.hanse.ca.authority.AuthorityImage;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.issuance.IssuedSvid;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.OpenInvitation;
import io.hanse.exchange.store.StateStore;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.source.Manifests;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One city of the league: its processes, what its operator declared, and the ways by which they hear of each other. */
final class Cluster {

    /** An SVID in the hands of a process. */
    private record Held(List<X509Certificate> chain, String authority, Instant renewAt) {}

    private final League league;
    private final World world;
    private final int number;
    private final ClusterName name;
    private final TrustDomain trustDomain;
    private final CaMachine ca;
    private final ExchangeMachine exchange;
    private final RegistryMachine registry;
    private final Proxy proxy;
    private final History<Truth> truth;
    private final Map<SpiffeId, Held> held = new TreeMap<>();
    private Optional<Liar> liar = Optional.empty();
    private Instant troubled = World.START;
    private boolean trustTravels;
    private boolean keysTravel;
    private boolean imageTravels;

    Cluster(League league, int number, String name, Duration skew, Truth first) {
        this.league = league;
        this.world = league.world();
        this.number = number;
        this.name = new ClusterName(name);
        this.trustDomain = new TrustDomain(name + ".example");
        this.truth = new History<>(world, first);
        Plant plant = league.plant();
        this.ca = new CaMachine(world, name + "/ca", trustDomain, skew, plant.schedule(), image -> keysChanged());
        this.exchange = new ExchangeMachine(
                world, this, new Ourselves(this.name, trustDomain, gateways()), skew, new SimHttps(league, this));
        this.registry = new RegistryMachine(
                world, this, new ClusterFacts(this.name, trustDomain, name), skew, (peer, gateway, known, listener) -> {
                    RegistryLink link = new RegistryLink(league, this, gateway, listener);
                    link.dial(known);
                    return link;
                });
        this.proxy = new Proxy(world, trustDomain, ca.clock());
        if (plant == Plant.DISK_THAT_LIES) {
            exchange.disk.lie();
        }
        if (plant == Plant.DISK_THAT_TEARS) {
            machines().forEach(machine -> machine.disk.tear());
        }
    }

    String name() {
        return name.name();
    }

    ClusterName clusterName() {
        return name;
    }

    TrustDomain trustDomain() {
        return trustDomain;
    }

    CaMachine ca() {
        return ca;
    }

    ExchangeMachine exchange() {
        return exchange;
    }

    RegistryMachine registry() {
        return registry;
    }

    Proxy proxy() {
        return proxy;
    }

    List<Machine> machines() {
        return List.of(ca, exchange, registry);
    }

    List<HostPort> gateways() {
        return List.of(
                new HostPort("10.%d.0.1".formatted(number), 15008), new HostPort("10.%d.0.2".formatted(number), 15008));
    }

    SpiffeId workload(String serviceAccount) {
        return SpiffeId.ofServiceAccount(trustDomain, Truth.NAMESPACE, serviceAccount);
    }

    void lie(Liar next) {
        liar = Optional.of(next);
    }

    boolean lies() {
        return liar.isPresent();
    }

    void start() {
        machines().forEach(Machine::start);
    }

    // What its operator says.

    History<Truth> truth() {
        return truth;
    }

    Manifests manifests() {
        return league.plant().declared(truth.now()).manifests(address(Truth.CLIENT.hashCode()));
    }

    InetAddress address(int of) {
        return InetAddress.ofLiteral("10.%d.1.%d".formatted(number, Math.floorMod(of, 200) + 1));
    }

    void declare(Truth next) {
        truth.becomes(next);
        league.declared();
        world.in(near(), registry::sourceChanged);
    }

    Duration lease() {
        return league.plant().lease();
    }

    // How its processes hear of each other.

    private Duration near() {
        return world.between(Duration.ofMillis(5), Pace.LOCAL_PUSH.dividedBy(3));
    }

    /** The exchange's streams to registry and proxies: the newest map, once for a burst. */
    void trustChanged() {
        if (trustTravels) {
            return;
        }
        trustTravels = true;
        world.in(near(), () -> {
            trustTravels = false;
            if (exchange.isUp()) {
                ExchangeState state = exchange.state();
                registry.hear(state.bundleMap(), liveOf(state));
                end(proxy.hear(league.plant().trust(proxy.trust(), state.bundleMap())), "trust is withdrawn");
            }
        });
    }

    private static List<Relationship> liveOf(ExchangeState state) {
        return state.relationships().values().stream()
                .filter(one -> one.state() == io.hanse.exchange.store.Relationship.State.ESTABLISHED)
                .filter(one -> one.cluster().isPresent() && !one.gateways().isEmpty())
                .map(one -> new Relationship(one.trustDomain(), one.cluster().orElseThrow(), one.gateways()))
                .toList();
    }

    void keysChanged() {
        if (keysTravel) {
            return;
        }
        keysTravel = true;
        world.in(near(), () -> {
            keysTravel = false;
            if (exchange.isUp() && ca.isUp()) {
                ca.image()
                        .map(AuthorityImage::bundle)
                        .ifPresent(keys -> exchange.hear(league.plant().keys(ca, keys)));
            }
        });
    }

    void imageChanged() {
        if (imageTravels) {
            return;
        }
        imageTravels = true;
        world.in(near(), () -> {
            imageTravels = false;
            end(proxy.hear(league.plant().image(registry.image())), "policy refuses it now");
        });
    }

    private void end(List<Tunnel> ended, String why) {
        for (Tunnel tunnel : ended) {
            world.transcript().say(name(), "ends %s: %s".formatted(tunnel, why));
            league.close(tunnel);
        }
    }

    // Its identities.

    /** The chain that {@code id} shows now, renewed at half life and at once when its authority is unfit. */
    Optional<List<X509Certificate>> svid(SpiffeId id) {
        Held now = held.get(id);
        if (now == null || !ca.time().isBefore(now.renewAt()) || isUnfit(now.authority())) {
            renew(id).ifPresent(fresh -> held.put(id, fresh));
        }
        return Optional.ofNullable(held.get(id)).map(Held::chain);
    }

    private boolean isUnfit(String authority) {
        return ca.image()
                .map(image -> image.of(AuthorityKind.X509).authorities().stream()
                        .filter(one -> one.keyId().equals(authority))
                        .allMatch(one -> one instanceof Authority.Tainted || one instanceof Authority.Retired))
                .orElse(false);
    }

    private Optional<Held> renew(SpiffeId id) {
        if (!ca.isUp()) {
            return Optional.empty();
        }
        String signer =
                ca.authorities().orElseThrow().signer(AuthorityKind.X509).keyId();
        Optional<IssuedSvid> issued =
                league.plant().mayIssue(league, this) ? ca.issue(id, Crypto.key(id.hashCode())) : Optional.empty();
        league.issued(this, id, issued.isPresent());
        Instant now = ca.time();
        return issued.map(svid -> new Held(
                svid.chain(),
                signer,
                now.plus(Duration.between(
                                now, svid.chain().getFirst().getNotAfter().toInstant())
                        .dividedBy(2))));
    }

    // What it tells others.

    TrustBundle document(TrustBundle own) {
        return liar.map(one -> one.document(own)).orElse(own);
    }

    /** Only where that bug is planted. */
    void forgetUse(StateStore store) {
        if (league.plant() == Plant.INVITATION_FORGETS_ITS_USE) {
            store.change(state -> {
                ExchangeState next = state;
                for (OpenInvitation one : state.invitations().values()) {
                    next = next.with(new OpenInvitation(
                            one.id(),
                            one.secret(),
                            Optional.empty(),
                            one.fingerprint(),
                            one.madeAt(),
                            one.expiresAt(),
                            Optional.empty()));
                }
                return next;
            });
        }
    }

    DeltaDiscoveryResponse tells(DeltaDiscoveryResponse response) {
        return liar.map(one -> one.tells(response)).orElse(response);
    }

    /** Whether it was told something by a peer's registry since. */
    boolean hasHeard(TrustDomain peer, Instant since) {
        return league.of(peer)
                .flatMap(other -> league.lastHeard(this, other))
                .filter(at -> at.isAfter(since))
                .isPresent();
    }

    // How well it is.

    void trouble() {
        troubled = world.now();
    }

    /** When anything in it was last not as it should be. */
    Instant troubled() {
        if (!machines().stream().allMatch(Machine::isUp)) {
            trouble();
        }
        return troubled;
    }

    @Override
    public String toString() {
        return name();
    }
}
