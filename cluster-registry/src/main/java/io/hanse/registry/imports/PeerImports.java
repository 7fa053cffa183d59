/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.replica.ImportStore;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.trust.Relationship;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports of all peers: subscribes to those whose partition this replica owns, and gives every replica's catalog what
 * stands in the store. One lock orders changes of relationships, of ownership and of the store's entries; it is not held
 * while a link sends or waits.
 */
public final class PeerImports {

    private static final Logger LOG = LoggerFactory.getLogger(PeerImports.class);

    private final Catalog catalog;
    private final ImportStore store;
    private final KeptImports kept;
    private final PeerLink.Dialer dialer;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final ImportTerms terms;
    private final RandomGenerator random;
    private final NavigableMap<TrustDomain, Relationship> relationships = new TreeMap<>();
    private final NavigableMap<TrustDomain, PeerSubscription> subscriptions = new TreeMap<>();
    private final Map<TrustDomain, ImportCheck> checks = new HashMap<>();
    /** Whose entry is to be read: a peer that changes faster than its catalog can be made costs one run at a time. */
    private final Set<TrustDomain> dirty = ConcurrentHashMap.newKeySet();

    private boolean closed;

    PeerImports(
            Catalog catalog,
            ImportStore store,
            KeptImports kept,
            PeerLink.Dialer dialer,
            Scheduler scheduler,
            InstantSource clock,
            ImportTerms terms,
            RandomGenerator random) {
        this.catalog = catalog;
        this.store = store;
        this.kept = kept;
        this.dialer = dialer;
        this.scheduler = scheduler;
        this.clock = clock;
        this.terms = terms;
        this.random = random;
    }

    /**
     * Imports over the peers' gateways.
     *
     * @param identity what this registry shows and judges with
     * @param keptImports directory that bridges a restart of this process
     * @param terms how long a peer's endpoints are used without hearing from it
     */
    public static PeerImports over(
            MeshIdentity identity,
            Catalog catalog,
            ImportStore store,
            Path keptImports,
            Scheduler scheduler,
            InstantSource clock,
            ImportTerms terms) {
        return over(
                (peer, gateway, known, listener) -> GrpcPeerLink.open(identity, peer, gateway, known, listener),
                catalog,
                store,
                keptImports,
                scheduler,
                clock,
                terms,
                RandomGenerator.of("L64X128MixRandom"));
    }

    /**
     * Imports over links of any make; a simulated network makes its own.
     *
     * @param random spreads the tries to reach a peer again; not a secret
     */
    public static PeerImports over(
            PeerLink.Dialer dialer,
            Catalog catalog,
            ImportStore store,
            Path keptImports,
            Scheduler scheduler,
            InstantSource clock,
            ImportTerms terms,
            RandomGenerator random) {
        return new PeerImports(
                catalog,
                store,
                new KeptImports(keptImports, store, scheduler),
                dialer,
                scheduler,
                clock,
                terms,
                random);
    }

    /** Begins to follow the store. */
    public void start() {
        store.onChange(this::entryChangedSoon);
        store.onOwnersChange(this::assign);
    }

    /** The live relationships, whenever they change. One that ended is withdrawn before this returns. */
    public synchronized void relationships(Collection<Relationship> live) {
        NavigableMap<TrustDomain, Relationship> now = new TreeMap<>();
        live.forEach(one -> now.put(one.trustDomain(), one));
        kept.forgetAllBut(now.keySet());
        for (TrustDomain before : List.copyOf(relationships.keySet())) {
            Relationship after = now.get(before);
            if (!Objects.equals(relationships.get(before), after)) {
                unsubscribe(before);
                checks.remove(before);
            }
            if (after == null) {
                relationships.remove(before);
                store.remove(before);
                kept.forget(before);
                catalog.withdrawn(before);
                LOG.atInfo().addKeyValue(LogKeys.PEER, before).log("relationship ended, its endpoints are withdrawn");
            }
        }
        relationships.putAll(now);
        assign();
        now.keySet().forEach(this::entryChanged);
    }

    /** Ends every subscription; what stands is left to the other replicas. */
    public synchronized void close() {
        closed = true;
        kept.close();
        List.copyOf(subscriptions.keySet()).forEach(this::unsubscribe);
    }

    /** How each peer stands, by trust domain. */
    public synchronized List<PeerStatus> status() {
        return relationships.values().stream()
                .map(peer -> Optional.ofNullable(subscriptions.get(peer.trustDomain()))
                        .map(PeerSubscription::status)
                        .orElseGet(() -> elsewhere(peer)))
                .toList();
    }

    private static PeerStatus elsewhere(Relationship peer) {
        return new PeerStatus(
                peer,
                PeerStatus.State.ELSEWHERE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty());
    }

    private synchronized void assign() {
        if (closed) {
            return;
        }
        for (Relationship peer : relationships.values()) {
            boolean mine = store.owns(peer.trustDomain());
            boolean subscribed = subscriptions.containsKey(peer.trustDomain());
            if (mine && !subscribed) {
                PeerSubscription subscription =
                        new PeerSubscription(peer, checkOf(peer), dialer, store, kept, scheduler, clock, terms, random);
                subscriptions.put(peer.trustDomain(), subscription);
                subscription.start();
            } else if (!mine && subscribed) {
                unsubscribe(peer.trustDomain());
            }
        }
    }

    /** One for a subscription and for what comes back from the store: they see the same resources. */
    private ImportCheck checkOf(Relationship peer) {
        return checks.computeIfAbsent(peer.trustDomain(), trustDomain -> new ImportCheck(peer));
    }

    private void unsubscribe(TrustDomain peer) {
        PeerSubscription subscription = subscriptions.remove(peer);
        if (subscription != null) {
            subscription.stop();
        }
    }

    private void entryChangedSoon(TrustDomain trustDomain) {
        if (dirty.add(trustDomain)) {
            scheduler.now(() -> {
                // Before the entry is read: a change from now on is another run's.
                dirty.remove(trustDomain);
                entryChanged(trustDomain);
            });
        }
    }

    private synchronized void entryChanged(TrustDomain trustDomain) {
        Relationship peer = relationships.get(trustDomain);
        if (closed || peer == null) {
            return;
        }
        Optional<byte[]> entry = store.get(trustDomain);
        if (entry.isEmpty()) {
            catalog.withdrawn(trustDomain);
            kept.forget(trustDomain);
            return;
        }
        try {
            catalog.imported(
                    checkOf(peer).check(ToldResources.of(entry.get()).all()).imported());
            kept.keepSoon(trustDomain);
        } catch (InvalidProtocolBufferException e) {
            LOG.atWarn().addKeyValue(LogKeys.PEER, trustDomain).log("an entry of the replicas is not readable");
            catalog.withdrawn(trustDomain);
        }
    }
}
