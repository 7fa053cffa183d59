/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.testing.LargeBundles;
import io.hanse.model.identity.TrustDomain;
import org.junit.jupiter.api.Test;

/** How much peers' bundles may take together. */
final class BundleLimitsTest {

    @Test
    void aNewcomerOrALargerBundleIsRefusedWhenAllIsTaken() {
        ExchangeState full = LargeBundles.fill(ExchangeState.empty());
        assertThat(full.bundles())
                .as("peers at their limit, and some small ones")
                .hasSizeGreaterThan(48);
        assertThat(BundleLimits.hasRoom(full, LargeBundles.of("newcomer.example", 1)))
                .as("a newcomer")
                .isFalse();
        assertThat(BundleLimits.hasRoom(full, LargeBundles.of("small0.example", 2)))
                .as("a larger one")
                .isFalse();
        assertThat(BundleLimits.hasRoom(full, LargeBundles.of("large0.example", LargeBundles.KEYS)))
                .as("one of the same size, in its place")
                .isTrue();
        assertThat(BundleLimits.hasRoom(full, LargeBundles.of("large0.example", 1)))
                .as("a smaller one")
                .isTrue();
        ExchangeState left = full.without(new TrustDomain("small0.example"));
        assertThat(BundleLimits.hasRoom(left, LargeBundles.of("newcomer.example", 1)))
                .as("when one has left")
                .isTrue();
    }
}
