/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.testing;

import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.replica.ImportStore;
import io.hanse.runtime.time.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What replicas share, where there is one replica and no Hazelcast; it owns every peer unless a test says otherwise. */
public final class MemoryImportStore implements ImportStore {

    private final Scheduler scheduler;
    private final Map<TrustDomain, byte[]> entries = new ConcurrentSkipListMap<>();
    private final List<Consumer<TrustDomain>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> ownerListeners = new CopyOnWriteArrayList<>();
    private volatile boolean owner = true;

    /** Empty. Listeners are called on the scheduler. */
    public MemoryImportStore(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Whether this replica owns the peers. */
    public void setOwner(boolean value) {
        owner = value;
        ownerListeners.forEach(scheduler::now);
    }

    @Override
    public void put(TrustDomain peer, byte[] told) {
        entries.put(peer, told);
        changed(peer);
    }

    @Override
    public void remove(TrustDomain peer) {
        entries.remove(peer);
        changed(peer);
    }

    private void changed(TrustDomain peer) {
        listeners.forEach(listener -> scheduler.now(() -> listener.accept(peer)));
    }

    @Override
    public Optional<byte[]> get(TrustDomain peer) {
        return Optional.ofNullable(entries.get(peer));
    }

    @Override
    public List<TrustDomain> peers() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public boolean owns(TrustDomain peer) {
        return owner;
    }

    @Override
    public List<String> members() {
        return List.of("here");
    }

    @Override
    public void onChange(Consumer<TrustDomain> listener) {
        listeners.add(listener);
    }

    @Override
    public void onOwnersChange(Runnable listener) {
        ownerListeners.add(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
