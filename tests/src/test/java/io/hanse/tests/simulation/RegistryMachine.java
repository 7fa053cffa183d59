/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.catalog.Catalog;
import io.hanse.registry.catalog.ClusterFacts;
import io.hanse.registry.catalog.Published;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.imports.PeerImports;
import io.hanse.registry.imports.PeerLink;
import io.hanse.registry.testing.MemoryImportStore;
import io.hanse.registry.xds.AdsServer;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.trust.Relationship;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** cluster-registry: its catalog, export, streams and imports. */
final class RegistryMachine extends Machine {

    private record Parts(Catalog catalog, AdsServer ads, PeerImports imports) {}

    private final ClusterFacts facts;
    private final Cluster cluster;
    private final PeerLink.Dialer dialer;
    private Map<TrustDomain, Instant> subscribed = new TreeMap<>();
    private Map<TrustDomain, Instant> subscribedBefore = new TreeMap<>();
    private @Nullable Parts parts;
    private boolean booted;
    private BundleMap trust = BundleMap.empty();
    private List<Relationship> live = List.of();
    private CatalogImage lastImage = CatalogImage.empty();

    RegistryMachine(World world, Cluster cluster, ClusterFacts facts, Duration skew, PeerLink.Dialer dialer) {
        super(world, cluster.name() + "/registry", skew, false);
        this.cluster = cluster;
        this.facts = facts;
        this.dialer = dialer;
    }

    /** In the order of the product's own start: what was known before is complete before anybody is served. */
    @Override
    void boot() {
        Scheduler scheduler = scheduler();
        Catalog catalog = new Catalog(facts, clock());
        AdsServer ads = new AdsServer(facts, catalog, scheduler, clock(), Pace.HEARTBEAT);
        PeerImports imports = PeerImports.over(
                dialer,
                catalog,
                new MemoryImportStore(scheduler),
                disk.root().resolve("imports"),
                scheduler,
                clock(),
                // Without a hold-down: the laws say when a peer that is heard again is back.
                new ImportTerms(cluster.lease(), Pace.HOLD_DOWN),
                world.stream());
        Parts made = new Parts(catalog, ads, imports);
        parts = made;
        booted = false;
        subscribedBefore = new TreeMap<>(subscribed);
        subscribed.entrySet().removeIf(one -> cluster.hasHeard(one.getKey(), one.getValue()));
        catalog.onChange(() -> {
            lastImage = catalog.current().image();
            cluster.imageChanged();
        });
        catalog.sourceChanged(cluster.manifests());
        imports.start();
        tell(made, live);
        cluster.trustChanged();
        booted = true;
    }

    @Override
    void gone() {
        parts = null;
        if (!booted) {
            // A start that did not come to its end was none.
            subscribed = subscribedBefore;
        }
    }

    private void tell(Parts now, List<Relationship> relationships) {
        relationships.forEach(one -> subscribed.putIfAbsent(one.trustDomain(), world.now()));
        subscribed
                .keySet()
                .retainAll(relationships.stream().map(Relationship::trustDomain).toList());
        live = relationships;
        now.ads()
                .relationships(
                        relationships.stream().map(Relationship::trustDomain).collect(Collectors.toSet()));
        now.imports().relationships(relationships);
    }

    /** The exchange's streams: the bundle map and the live relationships. Both are kept across a restart. */
    void hear(BundleMap bundles, List<Relationship> relationships) {
        trust = bundles;
        Parts now = parts;
        if (now != null) {
            if (!relationships.equals(live)) {
                life().run(() -> tell(now, relationships));
            }
        }
    }

    void sourceChanged() {
        Parts now = parts;
        if (now != null) {
            life().run(() -> now.catalog().sourceChanged(cluster.manifests()));
        }
    }

    BundleMap trust() {
        return trust;
    }

    List<Relationship> live() {
        return live;
    }

    Optional<AdsServer> ads() {
        return Optional.ofNullable(parts).map(Parts::ads);
    }

    Optional<Published> published() {
        return Optional.ofNullable(parts).map(now -> now.catalog().current());
    }

    /** The image that proxies were last told, or are about to be. */
    CatalogImage image() {
        return lastImage;
    }

    /** When this cluster first began, or began again, to follow a peer without having heard it. */
    Optional<Instant> followsSince(TrustDomain peer) {
        return Optional.ofNullable(subscribed.get(peer));
    }
}
