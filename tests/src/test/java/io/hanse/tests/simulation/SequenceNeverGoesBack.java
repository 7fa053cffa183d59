/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.TrustBundle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Bundle 4.1.1: a published sequence only grows, across every crash, and never stands for two sets of keys; a held bundle is
 * never replaced by an older one within one relationship.
 */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class SequenceNeverGoesBack implements Law {

    private record Held(Relationship of, TrustBundle bundle) {}

    private final Map<Cluster, TrustBundle> published = new HashMap<>();
    private final Map<String, Held> held = new HashMap<>();

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            cluster.exchange().state().own().ifPresent(own -> published(cluster, own));
            cluster.exchange()
                    .state()
                    .bundles()
                    .forEach((domain, peer) -> Optional.ofNullable(
                                    cluster.exchange().state().relationships().get(domain))
                            .ifPresent(relationship -> held(cluster, new Held(relationship, peer.bundle()))));
        }
    }

    private void published(Cluster cluster, TrustBundle own) {
        TrustBundle before = published.put(cluster, own);
        if (before == null || before == own) {
            return;
        }
        long old = before.sequence().orElseThrow();
        long now = own.sequence().orElseThrow();
        if (now < old) {
            throw broken("%s published sequence %d after %d".formatted(cluster, now, old));
        }
        if (now == old && !before.hasSameKeysAs(own)) {
            throw broken("%s published two sets of keys as sequence %d".formatted(cluster, now));
        }
    }

    private void held(Cluster cluster, Held now) {
        Held before = held.put(cluster + "<" + now.of().trustDomain(), now);
        if (before == null || before.bundle() == now.bundle() || !before.of().equals(now.of())) {
            return;
        }
        if (now.bundle().sequence().orElse(0) < before.bundle().sequence().orElse(0)) {
            throw broken("%s replaced %s's bundle by an older one"
                    .formatted(cluster, now.of().trustDomain()));
        }
    }
}
