/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SystemIdentityTest {

    private static final TrustDomain TD = new TrustDomain("lubeck.example");

    @Test
    void namesItsProcesses() {
        assertThat(SystemIdentity.EAST_WEST_GATEWAY.in(TD))
                .hasToString("spiffe://lubeck.example/ns/hanse-system/sa/east-west-gateway");
        assertThat(SystemIdentity.SPIFFE_CA.is(SystemIdentity.SPIFFE_CA.in(TD))).isTrue();
        assertThat(SystemIdentity.SPIFFE_CA.is(SystemIdentity.CLUSTER_REGISTRY.in(TD)))
                .isFalse();
    }

    @Test
    void readsNodeNamesBackAndNothingElse() {
        assertThat(SystemIdentity.nodeName(SystemIdentity.node(TD, "n1"))).contains("n1");
        assertThat(SystemIdentity.nodeName(SpiffeId.parse("spiffe://td/hanse/node/n1/x")))
                .isEmpty();
        assertThat(SystemIdentity.nodeName(SpiffeId.parse("spiffe://td/hanse/nodes")))
                .isEmpty();
    }

    @Test
    void reservesItsOwnPathsOnly() {
        assertThat(SystemIdentity.isReserved(SystemIdentity.node(TD, "n1"))).isTrue();
        assertThat(SystemIdentity.isReserved(SystemIdentity.SPIFFE_CA.in(TD))).isTrue();
        assertThat(SystemIdentity.isReserved(SpiffeId.parse("spiffe://td/hanse")))
                .isTrue();
        assertThat(SystemIdentity.isReserved(SpiffeId.parse("spiffe://td/hansel/x")))
                .isFalse();
        assertThat(SystemIdentity.isReserved(SpiffeId.parse("spiffe://td/ns/hanse-systems/sa/x")))
                .isFalse();
    }
}
