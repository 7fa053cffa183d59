/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;

/**
 * How large peers' bundles may be, as we write them. What is within these limits fits the messages to this cluster's own
 * processes and the file, so that no peer can keep the news of the others away. Pure.
 */
public final class BundleLimits {

    /** Bytes of one peer's bundle: a hundred roots of RSA-4096. */
    public static final int MAX_PEER_BYTES = 256 << 10;

    /** Bytes of all peers' bundles: 500 clusters with a dozen keys each; with names and the own bundle below 16 MiB. */
    public static final int MAX_TOTAL_BYTES = 12 << 20;

    /** Characters of a {@code kid}; usual are a hash or a UUID. */
    public static final int MAX_KEY_ID = 256;

    private BundleLimits() {}

    /** Bytes of a bundle as we write it. */
    public static int size(TrustBundle bundle) {
        return BundleJson.format(bundle).length;
    }

    /** Whether a peer's bundle can be held beside those of the others, or in the place of a larger one. */
    public static boolean hasRoom(ExchangeState state, TrustBundle next) {
        int size = size(next);
        PeerBundle held = state.bundles().get(next.trustDomain());
        if (held != null && size <= size(held.bundle())) {
            return true;
        }
        long others = state.bundles().values().stream()
                .map(PeerBundle::bundle)
                .filter(other -> !other.trustDomain().equals(next.trustDomain()))
                .mapToLong(BundleLimits::size)
                .sum();
        return others + size <= MAX_TOTAL_BYTES;
    }
}
