/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.store.PeerBundle;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster no longer trusts, none of its proxies trusts: after the push. What a peer has withdrawn, a cluster no longer
 * holds: after a poll, if the link is calm. Tunnels that live on trust are open only while it is held.
 */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class WithdrawnTrustIsGone implements Law {

    private record Pair(BundleMap proxy, BundleMap exchange) {}

    /** Compared before and found equal: maps are large, and there is one after every event. */
    private final Map<Cluster, Pair> equal = new HashMap<>();

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            league.ledger().trust(cluster).ifPresent(history -> proxies(cluster, history));
            for (Cluster peer : league.clusters()) {
                if (peer != cluster && !peer.lies()) {
                    held(league, cluster, peer);
                }
            }
            cluster.proxy().tunnels().forEach(tunnel -> tunnel(cluster, tunnel));
        }
    }

    private void proxies(Cluster cluster, History<BundleMap> exchange) {
        BundleMap proxy = cluster.proxy().trust();
        Pair pair = new Pair(proxy, exchange.now());
        Pair same = equal.get(cluster);
        if (same != null && same.proxy() == proxy && same.exchange() == exchange.now()) {
            return;
        }
        if (proxy.equals(exchange.now())) {
            equal.put(cluster, pair);
        } else if (!exchange.was(proxy::equals, cluster.exchange().behind())) {
            throw broken("%s's proxies trust %s, its exchange %s"
                    .formatted(
                            cluster,
                            proxy.bundles().keySet(),
                            exchange.now().bundles().keySet()));
        }
    }

    private void held(League league, Cluster cluster, Cluster peer) {
        PeerBundle held = cluster.exchange().state().bundles().get(peer.trustDomain());
        Duration known = Ledger.KNOWN;
        if (held == null) {
            return;
        }
        for (X509Certificate authority : held.bundle().x509Authorities()) {
            Optional<Instant> gone = league.ledger().fact(authority).flatMap(Ledger.Fact::gone);
            if (gone.filter(at -> !at.plus(known).isAfter(league.world().now())).isPresent()
                    && league.calm(cluster, peer, known)
                    && league.ledger()
                            .established(cluster, peer)
                            .filter(span -> span.compareTo(known) >= 0)
                            .isPresent()
                    && !league.ledger().isStranded(cluster, peer)) {
                throw broken("%s holds a root of %s that was withdrawn at %s".formatted(cluster, peer, gone.get()));
            }
        }
    }

    private void tunnel(Cluster cluster, Tunnel tunnel) {
        Cluster other = tunnel.client == cluster ? tunnel.server : tunnel.client;
        Optional<TrustBundle> bundle = cluster.proxy().trust().of(other.trustDomain());
        if (bundle.isEmpty()) {
            throw broken("%s is open, and %s does not trust %s".formatted(tunnel, cluster, other));
        }
    }
}
