/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.testing;

import io.hanse.exchange.store.BundleLimits;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Bundles as large as peers' may be. */
public final class LargeBundles {

    /** Keys of a bundle just below {@link BundleLimits#MAX_PEER_BYTES}. */
    public static final int KEYS = 625;

    private static final PublicKey KEY = TestAuthority.of("peer.example")
            .bundle()
            .jwtAuthorities()
            .getFirst()
            .key();

    private LargeBundles() {}

    /** One with so many keys, each with as long a name as it may have. */
    public static TrustBundle of(String domain, int keys) {
        List<JwtAuthority> authorities = IntStream.range(0, keys)
                .mapToObj(i -> new JwtAuthority(i + "k".repeat(BundleLimits.MAX_KEY_ID - 3), KEY))
                .toList();
        return new TrustBundle(new TrustDomain(domain), List.of(), authorities, OptionalLong.of(1), Optional.empty());
    }

    /** The state with as many peers' bundles as there is room for. */
    public static ExchangeState fill(ExchangeState state) {
        ExchangeState filled = state;
        for (int i = 0; ; i++) {
            TrustBundle next = of("large%d.example".formatted(i), KEYS);
            if (!BundleLimits.hasRoom(filled, next)) {
                break;
            }
            filled = filled.with(new PeerBundle(next, Instant.EPOCH));
        }
        for (int i = 0; ; i++) {
            TrustBundle next = of("small%d.example".formatted(i), 1);
            if (!BundleLimits.hasRoom(filled, next)) {
                return filled;
            }
            filled = filled.with(new PeerBundle(next, Instant.EPOCH));
        }
    }
}
