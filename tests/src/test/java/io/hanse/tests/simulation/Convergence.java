/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.exchange.store.Farewell;
import io.hanse.exchange.store.PendingAccept;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.registry.catalog.Published;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Once the links are whole and everybody is quiet, everybody knows what there is to know. */
final class Convergence implements Law {

    private final BiPredicate<Cluster, Cluster> oneSided;

    /** @param oneSided pairs of which one may have left without the other knowing */
    Convergence(BiPredicate<Cluster, Cluster> oneSided) {
        this.oneSided = oneSided;
    }

    @Override
    public void atRest(League league) {
        for (Cluster cluster : league.clusters()) {
            if (!cluster.proxy().trust().equals(cluster.exchange().state().bundleMap())) {
                throw broken("%s's proxies and its exchange trust differently".formatted(cluster));
            }
            cluster.exchange().state().farewells().values().forEach(farewell -> farewell(league, cluster, farewell));
            keys(cluster);
            for (Cluster peer : league.clusters()) {
                if (peer != cluster) {
                    pair(league, cluster, peer);
                }
            }
            imports(league, cluster);
        }
    }

    /** A peer whose endpoint shows a root that was not known when we left cannot be told. */
    private void farewell(League league, Cluster cluster, Farewell farewell) {
        Cluster peer = league.of(farewell.relationship().trustDomain()).orElseThrow();
        if (recognises(league, farewell.lastBundle().bundle(), peer)) {
            throw broken("%s still has to say farewell to %s".formatted(cluster, peer));
        }
    }

    private static boolean recognises(League league, TrustBundle bundle, Cluster peer) {
        return peer.svid(SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(peer.trustDomain())).stream()
                .map(List::getFirst)
                .flatMap(leaf -> league.ledger().signer(peer, leaf).stream())
                .anyMatch(bundle.x509Authorities()::contains);
    }

    /** An accept without an answer, of an inviter that has changed its root since it invited: both must start over. */
    private static boolean isTooLate(League league, Cluster acceptor, Cluster inviter) {
        PendingAccept pending = acceptor.exchange().state().pending().get(inviter.trustDomain());
        try {
            return pending != null
                    && !recognises(
                            league,
                            BundleJson.parse(
                                    inviter.trustDomain(),
                                    Body.of(pending.bundle()).bytes()),
                            inviter);
        } catch (MalformedBundle e) {
            throw new IllegalStateException(e);
        }
    }

    private void keys(Cluster cluster) {
        var own = cluster.exchange().state().own().orElseThrow(() -> broken(cluster + " publishes nothing"));
        var made = cluster.ca()
                .image()
                .orElseThrow(() -> broken(cluster + " has no spiffe-ca"))
                .bundle();
        if (!own.hasSameKeysAs(made)) {
            throw broken("%s publishes other keys than its spiffe-ca has".formatted(cluster));
        }
    }

    private void pair(League league, Cluster cluster, Cluster peer) {
        if (!league.isEstablished(cluster, peer)) {
            return;
        }
        boolean untold = peer.exchange().state().farewells().containsKey(cluster.trustDomain());
        boolean excused = untold || isTooLate(league, peer, cluster) || oneSided.test(cluster, peer);
        if (!league.isEstablished(peer, cluster) && !excused) {
            throw broken("%s has a relationship with %s, which has none with it".formatted(cluster, peer));
        }
        var held = Optional.ofNullable(cluster.exchange().state().bundles().get(peer.trustDomain()));
        boolean reachable = !peer.lies()
                && league.ledger().isOldNews(peer)
                && !league.ledger().isStranded(cluster, peer);
        if (reachable
                && !held.map(one -> one.bundle()).equals(peer.exchange().state().own())) {
            throw broken("%s holds %s of %s, which publishes %s"
                    .formatted(
                            cluster,
                            held.flatMap(one -> number(one.bundle())),
                            peer,
                            peer.exchange().state().own().flatMap(Convergence::number)));
        }
    }

    private static Optional<Long> number(TrustBundle bundle) {
        return bundle.sequence().isPresent() ? Optional.of(bundle.sequence().getAsLong()) : Optional.empty();
    }

    private void imports(League league, Cluster cluster) {
        Published published = cluster.registry().published().orElseThrow(() -> broken(cluster + " has no registry"));
        TreeSet<String> wanted = new TreeSet<>();
        for (Cluster peer : league.clusters()) {
            if (canTell(league, cluster, peer)) {
                peer.truth().now().endpoints().forEach((name, endpoint) -> {
                    if (bothChose(cluster, peer, endpoint.service())) {
                        wanted.add(peer + "/" + name);
                    }
                });
            }
        }
        TreeSet<String> used = new TreeSet<>();
        for (Workload workload : published.image().workloads().values()) {
            Cluster owner = league.of(workload.trustDomain()).orElseThrow();
            if (workload.remote().isPresent() && canTell(league, cluster, owner)) {
                used.add(owner + "/" + workload.name());
            }
        }
        if (!used.equals(wanted)) {
            throw broken("%s imports %s (expected: %s)".formatted(cluster, used, wanted));
        }
    }

    /** Registries meet only where each side knows the other's root. */
    private static boolean canTell(League league, Cluster cluster, Cluster peer) {
        return peer != cluster
                && !peer.lies()
                && league.isEstablished(cluster, peer)
                && league.isEstablished(peer, cluster)
                && !league.ledger().isStranded(cluster, peer)
                && !league.ledger().isStranded(peer, cluster);
    }

    private static boolean bothChose(Cluster cluster, Cluster peer, ServiceName service) {
        Truth.Annotation here = cluster.truth().now().services().get(service);
        Truth.Annotation there = peer.truth().now().services().get(service);
        return here != null && here.isGlobal() && there != null && there.isExported();
    }
}
