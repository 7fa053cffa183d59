/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.Authority;
import io.hanse.ca.authority.AuthorityImage;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What was true when, by this world's clock: the memory of the laws. Written down after every event. */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class Ledger {

    /** An authority of some cluster's spiffe-ca. */
    static final class Fact {
        private final Instant made;
        private boolean hurried;
        private Optional<Instant> activated = Optional.empty();
        private Optional<Instant> published = Optional.empty();
        private Optional<Instant> gone = Optional.empty();

        Fact(Instant made) {
            this.made = made;
        }

        /** When its cluster's bundle endpoint first showed it. */
        Optional<Instant> published() {
            return published;
        }

        /** When the endpoint no longer showed it, or spiffe-ca no longer had it. */
        Optional<Instant> gone() {
            return gone;
        }

        /** Whether its operator let it sign before its time. */
        boolean wasHurried() {
            return hurried;
        }

        /** Whether it waited its publication time before it signed anything. */
        boolean wasPatient() {
            return activated.isPresent()
                    && !activated
                            .get()
                            .isBefore(made.plus(CaMachine.PUBLICATION).minusSeconds(1));
        }

        Optional<Instant> activated() {
            return activated;
        }
    }

    /** What was last seen of a cluster. */
    private static final class Seen {
        private Optional<AuthorityImage> authorities = Optional.empty();
        private Optional<ExchangeState> exchange = Optional.empty();
        private Optional<TrustBundle> own = Optional.empty();
        private Instant ownSince = World.START;
        private final Map<TrustDomain, Instant> established = new TreeMap<>();
        private final Set<X509Certificate> everOwn = new HashSet<>();
        private final Map<TrustDomain, Set<X509Certificate>> known = new TreeMap<>();
    }

    /** A poll comes round, and its news is with the proxies. */
    static final Duration KNOWN = Pace.POLL.plus(Pace.LOCAL_PUSH.multipliedBy(3));

    /** What must be known grows with time only; looking more often would find nothing. */
    private static final Duration LEARNING = Duration.ofSeconds(1);

    private final League league;
    private Instant learnt = World.START;
    private final Map<Cluster, Seen> seen = new HashMap<>();
    private final Map<X509Certificate, Fact> facts = new HashMap<>();
    private final Map<Cluster, History<BundleMap>> trust = new HashMap<>();

    Ledger(League league) {
        this.league = league;
    }

    /** An operator insists that this authority sign now. */
    void hurry(X509Certificate authority) {
        facts.computeIfAbsent(authority, fresh -> new Fact(league.world().now())).hurried = true;
    }

    void look() {
        for (Cluster cluster : league.clusters()) {
            Seen before = seen.computeIfAbsent(cluster, fresh -> new Seen());
            cluster.ca().image().ifPresent(image -> authorities(before, image));
            exchange(cluster, before, cluster.exchange().state());
        }
        if (Duration.between(learnt, league.world().now()).compareTo(LEARNING) < 0) {
            return;
        }
        learnt = league.world().now();
        for (Cluster one : league.clusters()) {
            for (Cluster other : league.clusters()) {
                if (one != other) {
                    learn(one, other);
                }
            }
        }
    }

    /**
     * What {@code one} must know of {@code other}: the roots it was introduced with, and whatever was published for a poll's
     * time while the way was calm and everything that signed there was known already. A cluster that changed its signing root
     * while nobody could ask has stranded its peers: they cannot verify its endpoint any more and must be introduced anew.
     */
    private void learn(Cluster one, Cluster other) {
        Seen mine = seen.computeIfAbsent(one, fresh -> new Seen());
        Seen theirs = seen.computeIfAbsent(other, fresh -> new Seen());
        if (!mine.established.containsKey(other.trustDomain())) {
            mine.known.remove(other.trustDomain());
            return;
        }
        Set<X509Certificate> known = mine.known.computeIfAbsent(
                other.trustDomain(),
                fresh -> Optional.ofNullable(one.exchange().state().bundles().get(other.trustDomain()))
                        .map(held -> new HashSet<>(held.bundle().x509Authorities()))
                        .orElseGet(HashSet::new));
        if (!established(one, other).filter(span -> span.compareTo(KNOWN) >= 0).isPresent()
                || isStranded(one, other)
                || !league.calm(one, other, KNOWN)) {
            return;
        }
        Instant limit = league.world().now().minus(KNOWN);
        theirs.own.ifPresent(own -> own.x509Authorities().stream()
                .filter(authority -> fact(authority)
                        .flatMap(Fact::published)
                        .filter(since -> !since.isAfter(limit))
                        .isPresent())
                .forEach(known::add));
    }

    /** Whether {@code one} knows every root of {@code other} that signs or has signed, but for {@code unknown}. */
    boolean isStrandedByOnly(Cluster one, Cluster other, X509Certificate unknown) {
        Set<X509Certificate> known = knownTo(one, other);
        return Optional.ofNullable(seen.get(other)).stream()
                .flatMap(theirs -> theirs.everOwn.stream())
                .filter(this::signs)
                .allMatch(authority -> known.contains(authority) || authority.equals(unknown));
    }

    /** Whether {@code other} shows certificates of a root that {@code one} was never able to hear of. */
    boolean isStranded(Cluster one, Cluster other) {
        Set<X509Certificate> known = knownTo(one, other);
        return Optional.ofNullable(seen.get(other)).stream()
                .flatMap(theirs -> theirs.everOwn.stream())
                .filter(this::signs)
                .anyMatch(authority -> !known.contains(authority));
    }

    /** Whether it signs, or has signed, and is not withdrawn. */
    private boolean signs(X509Certificate authority) {
        return fact(authority)
                .filter(fact -> fact.activated.isPresent() && fact.gone.isEmpty())
                .isPresent();
    }

    private Set<X509Certificate> knownTo(Cluster one, Cluster other) {
        return Optional.ofNullable(seen.get(one))
                .map(mine -> mine.known.get(other.trustDomain()))
                .orElse(Set.of());
    }

    /** Whether {@code one} must know this root of {@code other}. */
    boolean isKnown(Cluster one, Cluster other, X509Certificate authority) {
        return one == other ? isOwn(one, authority) : knownTo(one, other).contains(authority);
    }

    private void authorities(Seen before, AuthorityImage image) {
        if (before.authorities.filter(old -> old == image).isPresent()) {
            return;
        }
        // What signs when the laws begin to look has waited long enough.
        Instant now = before.authorities.isEmpty()
                ? World.START.minus(CaMachine.PUBLICATION)
                : league.world().now();
        Set<X509Certificate> kept = new HashSet<>();
        for (Authority authority : image.x509().authorities()) {
            authority.kept().ifPresent(material -> {
                X509Certificate certificate = material.x509Certificate();
                kept.add(certificate);
                before.everOwn.add(certificate);
                Fact fact = facts.computeIfAbsent(certificate, fresh -> new Fact(now));
                if (authority instanceof Authority.Active && fact.activated.isEmpty()) {
                    fact.activated = Optional.of(league.world().now());
                }
            });
        }
        before.everOwn.stream()
                .filter(certificate -> !kept.contains(certificate))
                .map(facts::get)
                .filter(fact -> fact.gone.isEmpty())
                .forEach(fact -> fact.gone = Optional.of(now));
        before.authorities = Optional.of(image);
    }

    private void exchange(Cluster cluster, Seen before, ExchangeState state) {
        if (before.exchange.filter(old -> old == state).isPresent()) {
            return;
        }
        Instant now = league.world().now();
        state.own()
                .filter(own -> before.own.filter(old -> old == own).isEmpty())
                .ifPresent(own -> {
                    own.x509Authorities().forEach(certificate -> {
                        Fact fact = facts.computeIfAbsent(certificate, fresh -> new Fact(now));
                        if (fact.published.isEmpty()) {
                            fact.published = Optional.of(now);
                        }
                    });
                    before.own = Optional.of(own);
                    before.ownSince = now;
                });
        Map<TrustDomain, Relationship> held = state.relationships();
        before.established
                .keySet()
                .removeIf(domain -> Optional.ofNullable(held.get(domain))
                        .filter(one -> one.state() == Relationship.State.ESTABLISHED)
                        .isEmpty());
        held.values().stream()
                .filter(one -> one.state() == Relationship.State.ESTABLISHED)
                .forEach(one -> before.established.putIfAbsent(one.trustDomain(), now));
        BundleMap map = state.bundleMap();
        History<BundleMap> history =
                trust.computeIfAbsent(cluster, fresh -> new History<>(league.world(), BundleMap.empty()));
        if (!history.now().equals(map)) {
            history.becomes(map);
        }
        before.exchange = Optional.of(state);
    }

    /** Every certificate that this cluster's own spiffe-ca ever had. */
    boolean isOwn(Cluster cluster, X509Certificate authority) {
        return Optional.ofNullable(seen.get(cluster))
                .filter(known -> known.everOwn.contains(authority))
                .isPresent();
    }

    Optional<Fact> fact(X509Certificate authority) {
        return Optional.ofNullable(facts.get(authority));
    }

    /** The authority that signed {@code leaf}, if it is one of this cluster's own. */
    Optional<X509Certificate> signer(Cluster cluster, X509Certificate leaf) {
        return Optional.ofNullable(seen.get(cluster)).stream()
                .flatMap(known -> known.everOwn.stream())
                .filter(authority -> authority.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()))
                .findFirst();
    }

    /** Whether nothing signs, or signed lately, that this cluster itself may not have heard of. */
    boolean signersArePatient(Cluster cluster) {
        Instant settled = league.world().now().minus(Duration.ofMinutes(1));
        return Optional.ofNullable(seen.get(cluster)).stream()
                .flatMap(known -> known.everOwn.stream())
                .map(facts::get)
                .filter(fact -> fact.activated.isPresent())
                .allMatch(fact -> (fact.wasPatient() || fact.activated.get().isBefore(settled))
                        && fact.gone.filter(at -> at.isAfter(settled)).isEmpty());
    }

    /** Whether everybody has had time to hear what this cluster publishes. */
    boolean isOldNews(Cluster cluster) {
        return Optional.ofNullable(seen.get(cluster))
                .filter(known ->
                        !known.ownSince.plus(KNOWN).isAfter(league.world().now()))
                .isPresent();
    }

    /** For how long {@code one} has held an established relationship with {@code other}. */
    Optional<Duration> established(Cluster one, Cluster other) {
        return Optional.ofNullable(seen.get(one))
                .map(known -> known.established.get(other.trustDomain()))
                .map(since -> Duration.between(since, league.world().now()));
    }

    /** The exchange's bundle map, now and before. */
    Optional<History<BundleMap>> trust(Cluster cluster) {
        return Optional.ofNullable(trust.get(cluster));
    }
}
