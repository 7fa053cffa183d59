/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import io.hanse.model.identity.TrustDomain;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What peers told, by trust domain, visible to every replica. Safe for any thread. */
public interface ImportStore extends AutoCloseable {

    /** Replaces what a peer told. */
    void put(TrustDomain peer, byte[] told);

    /** Forgets what a peer told. */
    void remove(TrustDomain peer);

    /** What a peer told, if anything stands. */
    Optional<byte[]> get(TrustDomain peer);

    /** Peers of whom something stands. */
    List<TrustDomain> peers();

    /** Whether this replica is the one that subscribes to a peer. */
    boolean owns(TrustDomain peer);

    /** Names of the replicas, this one included, sorted. */
    List<String> members();

    /** Tells whose entry changed; the entry itself is to be read. Called on the scheduler's threads. */
    void onChange(Consumer<TrustDomain> listener);

    /** Tells that {@link #owns} may answer differently. Called on the scheduler's threads. */
    void onOwnersChange(Runnable listener);

    /** Leaves the replicas; what was put stays with the others. */
    @Override
    void close();
}
