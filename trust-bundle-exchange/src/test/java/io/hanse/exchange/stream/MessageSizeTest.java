/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.testing.LargeBundles;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** However much peers say, the messages stay below what this cluster's processes read (BundleStream, RelationshipStream). */
final class MessageSizeTest {

    private static final int BUNDLES_READ = 16 << 20;
    private static final int RELATIONSHIPS_READ = 8 << 20;

    private static ExchangeState connected(ExchangeState state, TrustDomain domain, int number) {
        return state.with(Relationship.byInvitation(
                domain,
                new ClusterName("c" + number),
                Collections.nCopies(Relationship.MAX_GATEWAYS, new HostPort("h".repeat(255), 65_535)),
                new SpiffeId(domain, "/" + "p".repeat(1_700)),
                Relationship.State.ESTABLISHED,
                Instant.EPOCH));
    }

    @Test
    void bundlesFitTogether() {
        ExchangeState state = LargeBundles.fill(ExchangeState.empty())
                .withOwn(TestAuthority.of("own.example").bundle());
        int number = 0;
        for (TrustDomain domain : state.bundles().keySet()) {
            state = connected(state, domain, number++);
        }
        int x509 = BundleMessages.x509(state).orElseThrow().getSerializedSize();
        int jwt = BundleMessages.jwt(state).orElseThrow().getSerializedSize();
        assertThat(jwt).as("nearly all there may be").isGreaterThan(11 << 20);
        assertThat(x509 + jwt).as("both, as they are kept in one file").isLessThan(BUNDLES_READ - (2 << 20));
    }

    @Test
    void relationshipsFitTogether() {
        ExchangeState state = ExchangeState.empty();
        for (int i = 0; i < 1_000; i++) {
            state = connected(state, new TrustDomain("%0255d".formatted(i)), i);
        }
        assertThat(BundleMessages.relationships(state).orElseThrow().getSerializedSize())
                .isLessThan(RELATIONSHIPS_READ);
    }
}
