/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.source.Manifests;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The catalog of this process: merges the source's and the peers' objects and publishes the result by one reference swap.
 *
 * <p>Any thread may bring a change; changes are merged one at a time. Listeners are told after the swap, on the thread of
 * the change, and only mark that they should look: they must not block.
 */
public final class Catalog {

    private final ClusterFacts facts;
    private final InstantSource clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Published current;

    /** An empty catalog. */
    public Catalog(ClusterFacts facts, InstantSource clock) {
        this.facts = facts;
        this.clock = clock;
        this.current = new Published(
                CatalogImage.empty(),
                LocalCatalog.EMPTY,
                new TreeMap<>(),
                new Published.Provenance(0, "start", clock.instant()));
    }

    /** The catalog of this moment. */
    public Published current() {
        return current;
    }

    /** Tells {@code listener} that {@link #current} has changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The source holds something else now. */
    public void sourceChanged(Manifests manifests) {
        LocalCatalog local = LocalCatalog.of(manifests, facts);
        synchronized (this) {
            publish(local, current.imported(), "source");
        }
        listeners.forEach(Runnable::run);
    }

    /** A peer exports something else now. */
    public void imported(Imported imported) {
        synchronized (this) {
            if (imported.equals(current.imported().get(imported.peer()))) {
                return;
            }
            NavigableMap<TrustDomain, Imported> all = new TreeMap<>(current.imported());
            all.put(imported.peer(), imported);
            publish(current.local(), all, "import");
        }
        listeners.forEach(Runnable::run);
    }

    /** Nothing of a peer is to be used any longer: its lease ran out, or its relationship ended. */
    public void withdrawn(TrustDomain peer) {
        synchronized (this) {
            if (!current.imported().containsKey(peer)) {
                return;
            }
            NavigableMap<TrustDomain, Imported> all = new TreeMap<>(current.imported());
            all.remove(peer);
            publish(current.local(), all, "import");
        }
        listeners.forEach(Runnable::run);
    }

    private void publish(LocalCatalog local, NavigableMap<TrustDomain, Imported> imported, String cause) {
        List<Workload> workloads = new ArrayList<>();
        imported.values()
                .forEach(peer -> peer.workloads().forEach(workload -> {
                    SortedMap<ServiceName, List<ServicePort>> joined = joined(workload, local.image());
                    if (!joined.isEmpty()) {
                        workloads.add(workload.services().equals(joined) ? workload : workload.withServices(joined));
                    }
                }));
        // Last, since the last of a name is kept: nothing of a peer replaces what is ours.
        workloads.addAll(local.image().workloads().values());
        CatalogImage merged = CatalogImage.of(
                local.image().services().values(),
                workloads,
                local.image().policies().values());
        current = new Published(
                merged,
                local,
                imported,
                new Published.Provenance(current.provenance().version() + 1, cause, clock.instant()));
    }

    /** The merge rule: only services that exist here and are global. */
    private static SortedMap<ServiceName, List<ServicePort>> joined(Workload workload, CatalogImage local) {
        SortedMap<ServiceName, List<ServicePort>> joined = new TreeMap<>();
        workload.services().forEach((name, ports) -> {
            if (local.service(name).filter(service -> service.global()).isPresent()) {
                joined.put(name, ports);
            }
        });
        return joined;
    }
}
