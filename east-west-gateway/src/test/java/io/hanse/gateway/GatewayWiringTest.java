/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.StartException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class GatewayWiringTest {

    private static final String KEY = "cluster-registry.listen";

    /** No DNS server is asked: a label has 63 characters at most. */
    private static final String NOBODY = "x".repeat(64) + ".example";

    @Test
    void aNameOfTheControlPlaneThatDoesNotResolveEndsTheStart() {
        assertThatThrownBy(() -> GatewayWiring.resolved(new HostPort(NOBODY, 15013), KEY))
                .isInstanceOfSatisfying(
                        StartException.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessage("cluster-registry.listen: the name of %s:15013 does not resolve", NOBODY);
        assertThat(GatewayWiring.resolved(new HostPort("127.0.0.1", 15013), KEY))
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 15013));
    }
}
