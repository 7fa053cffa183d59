/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.RotationSchedule;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A bug put at one seam between the product and this world, to see that a law finds it. */
enum Plant {
    NONE,
    /** Every trust domain's bundle holds everybody's roots. */
    POOLED_ROOTS,
    /** The exchange's disk says that it has synced what it has only heard of. */
    DISK_THAT_LIES,
    /** A power cut tears files in two. */
    DISK_THAT_TEARS,
    /** Taking an annotation away is not heard. */
    ANNOTATION_FOR_EVER,
    LEASE_WITHOUT_END,
    /** The answer to an accept is given without looking at the invitation's past. */
    INVITATION_FORGETS_ITS_USE,
    POLICY_FORGOTTEN,
    ISSUING_ASKS_PEERS,
    OWN_CALLS_ASK_PEERS,
    /** A key signs as soon as it is published. */
    HASTY_ACTIVATION,
    /** Bundle maps are joined, not replaced. */
    TRUST_FOR_EVER,
    /** spiffe-ca signs an old key's certificate anew. */
    KEY_USED_TWICE,
    /** One failure, and the peer is never asked again. */
    POLLING_GIVES_UP;

    BundleMap trust(BundleMap before, BundleMap next) {
        return switch (this) {
            case POOLED_ROOTS -> pooled(next);
            case TRUST_FOR_EVER -> joined(before, next);
            default -> next;
        };
    }

    private static BundleMap pooled(BundleMap map) {
        Set<X509Certificate> all = new LinkedHashSet<>();
        map.bundles().values().forEach(bundle -> all.addAll(bundle.x509Authorities()));
        Map<TrustDomain, TrustBundle> pooled = new TreeMap<>();
        map.bundles()
                .forEach((domain, bundle) -> pooled.put(
                        domain,
                        new TrustBundle(
                                domain,
                                all.size() == bundle.x509Authorities().size()
                                        ? bundle.x509Authorities()
                                        : List.copyOf(all),
                                bundle.jwtAuthorities(),
                                bundle.sequence(),
                                bundle.refreshHint())));
        return BundleMap.of(pooled);
    }

    private static BundleMap joined(BundleMap before, BundleMap next) {
        BundleMap joined = before;
        for (TrustBundle bundle : next.bundles().values()) {
            joined = joined.with(bundle);
        }
        return joined;
    }

    CatalogImage image(CatalogImage image) {
        return this != POLICY_FORGOTTEN
                ? image
                : CatalogImage.of(
                        image.services().values(),
                        image.workloads().values().stream()
                                .map(Plant::unguarded)
                                .toList(),
                        List.of());
    }

    private static Workload unguarded(Workload one) {
        return new Workload(
                one.uid(),
                one.name(),
                one.namespace(),
                one.serviceAccount(),
                one.trustDomain(),
                one.cluster(),
                one.network(),
                one.node(),
                one.addresses(),
                one.locality(),
                one.healthy(),
                one.weight(),
                one.services(),
                List.of(),
                one.remote(),
                one.duties());
    }

    Truth declared(Truth truth) {
        Truth next = truth;
        if (this == ANNOTATION_FOR_EVER) {
            for (var service : truth.services().keySet()) {
                next = next.with(service, Truth.Annotation.GLOBAL);
            }
        }
        return next;
    }

    Duration lease() {
        return this == LEASE_WITHOUT_END ? Pace.LEASE.multipliedBy(100) : Pace.LEASE;
    }

    RotationSchedule schedule() {
        Duration hint = this == HASTY_ACTIVATION ? Duration.ofMillis(100) : Pace.HINT;
        return new RotationSchedule(Pace.AUTHORITY, hint);
    }

    boolean mayIssue(League league, Cluster cluster) {
        return this != ISSUING_ASKS_PEERS || league.isWhole(cluster);
    }

    boolean mayCall(League league, Cluster cluster) {
        return this != OWN_CALLS_ASK_PEERS || league.isWhole(cluster);
    }

    boolean hasGivenUp(Link link) {
        return this == POLLING_GIVES_UP && link.wasEverCut();
    }

    TrustBundle keys(CaMachine ca, TrustBundle keys) {
        return this == KEY_USED_TWICE && keys.x509Authorities().size() > 1 ? ca.signedAnew(keys) : keys;
    }

    Optional<String> why() {
        return this == NONE ? Optional.empty() : Optional.of("planted: " + this);
    }
}
