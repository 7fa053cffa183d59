/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.store.PeerBundle;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;

/**
 * Invariant 1: under a trust domain's name nobody holds a root that its own spiffe-ca did not make, and nobody takes an ID
 * from another's root.
 */
@SuppressWarnings("ReferenceEquality") // images are immutable: the very same one has been looked at before
final class RootSpeaksForItsOwnDomainOnly implements Law {

    private final Map<Cluster, BundleMap> proxies = new HashMap<>();
    private final Map<Cluster, Object> exchanges = new HashMap<>();

    @Override
    public void look(League league) {
        for (Cluster cluster : league.clusters()) {
            BundleMap proxy = cluster.proxy().trust();
            if (proxies.put(cluster, proxy) != proxy) {
                proxy.bundles().values().forEach(bundle -> look(league, cluster, bundle));
            }
            var bundles = cluster.exchange().state().bundles();
            if (exchanges.put(cluster, bundles) != bundles) {
                bundles.values().stream().map(PeerBundle::bundle).forEach(bundle -> look(league, cluster, bundle));
            }
        }
    }

    private void look(League league, Cluster holder, TrustBundle bundle) {
        Cluster owner = league.of(bundle.trustDomain()).orElseThrow();
        for (X509Certificate authority : bundle.x509Authorities()) {
            if (!league.ledger().isOwn(owner, authority)) {
                throw broken(
                        "%s holds under %s a root that %s never made".formatted(holder, bundle.trustDomain(), owner));
            }
        }
    }

    @Override
    public void forged(Cluster verifier, Cluster forger, SpiffeId claimed, boolean taken) {
        if (taken) {
            throw broken("%s took %s from the root of %s".formatted(verifier, claimed, forger));
        }
    }
}
