/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Everything the exchange remembers: an immutable image. A change is a new image.
 *
 * @param own this trust domain's bundle as last published, with its sequence
 * @param relationships by trust domain
 * @param bundles peers' last good bundles, by trust domain
 * @param invitations made here, by id
 * @param pending accepts without an answer, by the inviter's trust domain
 * @param farewells to be said, by trust domain
 * @param departures how past relationships ended, by trust domain
 */
public record ExchangeState(
        Optional<TrustBundle> own,
        SortedMap<TrustDomain, Relationship> relationships,
        SortedMap<TrustDomain, PeerBundle> bundles,
        SortedMap<String, OpenInvitation> invitations,
        SortedMap<TrustDomain, PendingAccept> pending,
        SortedMap<TrustDomain, Farewell> farewells,
        SortedMap<TrustDomain, Departure> departures) {

    /** Past endings remembered for people; the oldest go first. */
    public static final int MAX_DEPARTURES = 100;

    private static final ExchangeState EMPTY = new ExchangeState(
            Optional.empty(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>());

    public ExchangeState {
        relationships = Collections.unmodifiableSortedMap(new TreeMap<>(relationships));
        bundles = Collections.unmodifiableSortedMap(new TreeMap<>(bundles));
        invitations = Collections.unmodifiableSortedMap(new TreeMap<>(invitations));
        pending = Collections.unmodifiableSortedMap(new TreeMap<>(pending));
        farewells = Collections.unmodifiableSortedMap(new TreeMap<>(farewells));
        departures = Collections.unmodifiableSortedMap(new TreeMap<>(departures));
        bundles.forEach((domain, held) -> {
            if (!domain.equals(held.bundle().trustDomain())) {
                throw new IllegalArgumentException("bundle of %s filed under %s (expected: its own name, Bundle 3)"
                        .formatted(held.bundle().trustDomain(), domain));
            }
        });
    }

    /** Nothing remembered yet. */
    public static ExchangeState empty() {
        return EMPTY;
    }

    /** What validators of this trust domain may trust: the own bundle and those of established relationships. */
    public BundleMap bundleMap() {
        BundleMap map = own.map(BundleMap.empty()::with).orElse(BundleMap.empty());
        for (Relationship relationship : relationships.values()) {
            PeerBundle held = bundles.get(relationship.trustDomain());
            if (relationship.state() == Relationship.State.ESTABLISHED && held != null) {
                map = map.with(held.bundle());
            }
        }
        return map;
    }

    /** The relationship an operator calls {@code name}. */
    public Optional<Relationship> named(String name) {
        return relationships.values().stream()
                .filter(relationship -> relationship.isNamed(name))
                .findFirst();
    }

    public ExchangeState withOwn(TrustBundle bundle) {
        return new ExchangeState(
                Optional.of(bundle), relationships, bundles, invitations, pending, farewells, departures);
    }

    public ExchangeState with(Relationship relationship) {
        return new ExchangeState(
                own,
                edit(relationships, map -> put(map, relationship.trustDomain(), relationship)),
                bundles,
                invitations,
                pending,
                farewells,
                departures);
    }

    public ExchangeState with(PeerBundle held) {
        return new ExchangeState(
                own,
                relationships,
                edit(bundles, map -> put(map, held.bundle().trustDomain(), held)),
                invitations,
                pending,
                farewells,
                departures);
    }

    public ExchangeState with(OpenInvitation invitation) {
        return withInvitations(edit(invitations, map -> put(map, invitation.id(), invitation)));
    }

    public ExchangeState withInvitations(SortedMap<String, OpenInvitation> next) {
        return new ExchangeState(own, relationships, bundles, next, pending, farewells, departures);
    }

    public ExchangeState with(PendingAccept accept) {
        return new ExchangeState(
                own,
                relationships,
                bundles,
                invitations,
                edit(pending, map -> put(map, accept.trustDomain(), accept)),
                farewells,
                departures);
    }

    public ExchangeState withoutPending(TrustDomain trustDomain) {
        return new ExchangeState(
                own,
                relationships,
                bundles,
                invitations,
                edit(pending, map -> remove(map, trustDomain)),
                farewells,
                departures);
    }

    public ExchangeState with(Farewell farewell) {
        TrustDomain domain = farewell.relationship().trustDomain();
        return new ExchangeState(
                own,
                relationships,
                bundles,
                invitations,
                pending,
                edit(farewells, map -> put(map, domain, farewell)),
                departures);
    }

    public ExchangeState withoutFarewell(TrustDomain trustDomain) {
        return new ExchangeState(
                own,
                relationships,
                bundles,
                invitations,
                pending,
                edit(farewells, map -> remove(map, trustDomain)),
                departures);
    }

    public ExchangeState with(Departure departure) {
        return new ExchangeState(own, relationships, bundles, invitations, pending, farewells, edit(departures, map -> {
            map.put(departure.trustDomain(), departure);
            while (map.size() > MAX_DEPARTURES) {
                map.remove(map.values().stream()
                        .min(Comparator.comparing(Departure::at))
                        .orElseThrow()
                        .trustDomain());
            }
            return map;
        }));
    }

    /** With an established relationship and its bundle; whatever was unfinished with that trust domain is settled. */
    public ExchangeState connected(Relationship relationship, PeerBundle held) {
        TrustDomain domain = relationship.trustDomain();
        return with(relationship).with(held).withoutPending(domain).withoutFarewell(domain);
    }

    /** Without the relationship, its bundle and whatever was pending with that trust domain (Federation 6.3). */
    public ExchangeState without(TrustDomain trustDomain) {
        return new ExchangeState(
                own,
                edit(relationships, map -> remove(map, trustDomain)),
                edit(bundles, map -> remove(map, trustDomain)),
                invitations,
                edit(pending, map -> remove(map, trustDomain)),
                farewells,
                departures);
    }

    private static <K, V> SortedMap<K, V> edit(SortedMap<K, V> map, UnaryOperator<SortedMap<K, V>> step) {
        return step.apply(new TreeMap<>(map));
    }

    private static <K, V> SortedMap<K, V> put(SortedMap<K, V> map, K key, V value) {
        map.put(key, value);
        return map;
    }

    private static <K, V> SortedMap<K, V> remove(SortedMap<K, V> map, K key) {
        map.remove(key);
        return map;
    }
}
