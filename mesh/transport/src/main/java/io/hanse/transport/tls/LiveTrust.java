/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The peers of the connections that are open now. On every change of the bundle map each is verified again, and whoever
 * no longer verifies is handed to {@code withdrawn} (reason {@code TRUST_WITHDRAWN}): a peer that leaves, or a root that
 * is revoked, ends its connections and not only the next handshake.
 *
 * <p>Judged as of the moment the connection was admitted: a leaf that has run out since then ends nothing, a withdrawn
 * root does. Any thread; verification runs on the thread that publishes the map.
 *
 * @param <C> a connection, by identity of {@code equals}
 */
public final class LiveTrust<C> implements AutoCloseable {

    private final InstantSource clock;
    private final BundleSource bundles;
    private final BiConsumer<C, Refused> withdrawn;
    private final Map<C, Admitted> live = new ConcurrentHashMap<>();
    private final Subscription subscription;

    /**
     * Starts watching.
     *
     * @param withdrawn ends a connection; must not block
     */
    public LiveTrust(InstantSource clock, BundleSource bundles, BiConsumer<C, Refused> withdrawn) {
        this.clock = clock;
        this.bundles = bundles;
        this.withdrawn = withdrawn;
        this.subscription = bundles.onChange(this::recheck);
    }

    /** Watches a connection until {@link #forget}; if the map changed since its handshake, judges it at once. */
    public void admit(C connection, TlsPeer peer) {
        Admitted admitted = new Admitted(peer, clock.instant());
        live.put(connection, admitted);
        judge(admitted, bundles.current()).ifPresent(refused -> withdraw(connection, refused));
    }

    /** Call it when the connection has ended. */
    public void forget(C connection) {
        live.remove(connection);
    }

    /** How many connections are watched. */
    public int size() {
        return live.size();
    }

    @Override
    public void close() {
        subscription.close();
        live.clear();
    }

    private void recheck(BundleMap now) {
        // Many connections show the same chain: judge it once.
        Map<Admitted, Optional<Refused>> judged = new HashMap<>();
        Map<C, Admitted> snapshot = Map.copyOf(live);
        snapshot.forEach((connection, admitted) -> judged.computeIfAbsent(admitted, a -> judge(a, now))
                .ifPresent(refused -> withdraw(connection, refused)));
    }

    private void withdraw(C connection, Refused refused) {
        if (live.remove(connection) != null) {
            withdrawn.accept(connection, refused);
        }
    }

    /** What proved it in the handshake proves it still: most changes are of other trust domains. */
    private static Optional<Refused> judge(Admitted admitted, BundleMap bundles) {
        TlsPeer peer = admitted.peer();
        if (bundles.of(peer.id().trustDomain())
                .equals(peer.provedWith().of(peer.id().trustDomain()))) {
            return Optional.empty();
        }
        SvidVerifier verifier = new SvidVerifier(InstantSource.fixed(admitted.at()));
        return verifier.verify(peer.chain(), bundles) instanceof Refused refused
                ? Optional.of(refused)
                : Optional.empty();
    }

    private record Admitted(TlsPeer peer, Instant at) {}
}
