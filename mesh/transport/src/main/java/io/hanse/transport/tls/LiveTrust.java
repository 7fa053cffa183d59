/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.model.x509.Verification.Verified;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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

    /** {@link SvidVerifier#verify(List, BundleMap, Instant)}. */
    interface Verifier {
        Verification verify(List<X509Certificate> chain, BundleMap bundles, Instant at);
    }

    private final Verifier verifier;
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
        this(new SvidVerifier(clock)::verify, clock, bundles, withdrawn);
    }

    LiveTrust(Verifier verifier, InstantSource clock, BundleSource bundles, BiConsumer<C, Refused> withdrawn) {
        this.verifier = verifier;
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
        Map<C, Admitted> snapshot = Map.copyOf(live);
        snapshot.forEach(
                (connection, admitted) -> judge(admitted, now).ifPresent(refused -> withdraw(connection, refused)));
    }

    private void withdraw(C connection, Refused refused) {
        if (live.remove(connection) != null) {
            withdrawn.accept(connection, refused);
        }
    }

    /** The authorities that proved it last prove it still: most changes are of other trust domains, or of JWT keys. */
    private Optional<Refused> judge(Admitted admitted, BundleMap bundles) {
        Optional<List<X509Certificate>> authorities =
                bundles.of(admitted.id.trustDomain()).map(TrustBundle::x509Authorities);
        if (authorities.equals(Optional.of(admitted.provedWith))) {
            return Optional.empty();
        }
        return switch (verifier.verify(admitted.chain, bundles, admitted.at)) {
            case Refused refused -> Optional.of(refused);
            case Verified verified -> {
                authorities.ifPresent(good -> admitted.provedWith = good);
                yield Optional.empty();
            }
        };
    }

    private static final class Admitted {
        private final SpiffeId id;
        private final List<X509Certificate> chain;
        private final Instant at;
        private volatile List<X509Certificate> provedWith;

        Admitted(TlsPeer peer, Instant at) {
            this.id = peer.id();
            this.chain = peer.chain();
            this.at = at;
            this.provedWith = peer.provedWith();
        }
    }
}
