/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class BundleMapTest {

    private static final TrustBundle LUBECK = TrustBundle.ofX509(new TrustDomain("lubeck.example"), List.of());
    private static final TrustBundle BERGEN = TrustBundle.ofX509(new TrustDomain("bergen.example"), List.of());

    @Test
    @DisplayName("BND-3 refuses a bundle under another name")
    void refusesForeignName() {
        Map<TrustDomain, TrustBundle> swapped = Map.of(LUBECK.trustDomain(), BERGEN);
        assertThatThrownBy(() -> BundleMap.of(swapped)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void changesByCopy() {
        BundleMap one = BundleMap.empty().with(LUBECK);
        BundleMap two = one.with(BERGEN);
        assertThat(one.of(BERGEN.trustDomain())).isEmpty();
        assertThat(two.of(BERGEN.trustDomain())).contains(BERGEN);
        assertThat(two.without(LUBECK.trustDomain()).bundles()).containsOnlyKeys(BERGEN.trustDomain());
        assertThatThrownBy(() -> two.bundles().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @DisplayName("JWT-6.1 a JWT key has a kid")
    void refusesEmptyKeyId() {
        PublicKey key = TestAuthority.ecKeys("secp256r1").getPublic();
        assertThatThrownBy(() -> new JwtAuthority("", key)).isInstanceOf(IllegalArgumentException.class);
    }
}
