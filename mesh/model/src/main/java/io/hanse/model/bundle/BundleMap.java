/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import io.hanse.model.identity.TrustDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every bundle this process holds, each under its own trust domain and never pooled (Federation 4.2, WL-4.6). An
 * immutable image: a change is a new map, published by one reference swap.
 *
 * @param bundles by trust domain, sorted
 */
public record BundleMap(SortedMap<TrustDomain, TrustBundle> bundles) {

    private static final BundleMap EMPTY = new BundleMap(new TreeMap<>());

    public BundleMap {
        bundles.forEach((domain, bundle) -> {
            if (!domain.equals(bundle.trustDomain())) {
                throw new IllegalArgumentException("bundle of %s filed under %s (expected: its own name, Bundle 3)"
                        .formatted(bundle.trustDomain(), domain));
            }
        });
        bundles = Collections.unmodifiableSortedMap(new TreeMap<>(bundles));
    }

    /** No bundle: nobody is trusted. */
    public static BundleMap empty() {
        return EMPTY;
    }

    /** The one bundle that may judge an identity of {@code trustDomain}. */
    public Optional<TrustBundle> of(TrustDomain trustDomain) {
        return Optional.ofNullable(bundles.get(trustDomain));
    }

    /** This map with {@code bundle} in place of the one of the same trust domain. */
    public BundleMap with(TrustBundle bundle) {
        SortedMap<TrustDomain, TrustBundle> copy = new TreeMap<>(bundles);
        copy.put(bundle.trustDomain(), bundle);
        return new BundleMap(copy);
    }

    /** This map without a trust domain. */
    public BundleMap without(TrustDomain trustDomain) {
        SortedMap<TrustDomain, TrustBundle> copy = new TreeMap<>(bundles);
        copy.remove(trustDomain);
        return new BundleMap(copy);
    }

    /** A map of these bundles. */
    public static BundleMap of(Map<TrustDomain, TrustBundle> bundles) {
        return new BundleMap(new TreeMap<>(bundles));
    }
}
