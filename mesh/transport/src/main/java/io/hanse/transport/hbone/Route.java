/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import java.net.InetSocketAddress;
import java.util.Set;

/** How to reach an endpoint: who calls, whom the far proxy must prove to be, and over which addresses. */
public sealed interface Route {

    /** As whom the tunnel to the endpoint is opened. */
    SpiffeId client();

    /** Whom the endpoint may prove to be; never empty. */
    Set<SpiffeId> expected();

    /** {@code :authority} of the CONNECT that reaches the endpoint's proxy. */
    String authority();

    /** Headers of that CONNECT. */
    RequestHeaders headers();

    /**
     * One tunnel, on the same network.
     *
     * @param address the endpoint's proxy, resolved
     */
    record Direct(
            InetSocketAddress address,
            Set<SpiffeId> expected,
            SpiffeId client,
            String authority,
            RequestHeaders headers)
            implements Route {
        public Direct {
            expected = known(expected);
        }
    }

    /**
     * A tunnel inside a tunnel, through a gateway.
     *
     * @param gateway the gateway's address, resolved
     * @param gatewayId whom the gateway must prove to be
     * @param node as whom the outer tunnel is opened
     * @param outerAuthority {@code :authority} of the outer CONNECT: names the endpoint, or (Istio's form) the service
     * @param shared whether the inner connection may carry other calls of the same client to the same
     *     {@code outerAuthority}; false with Istio's form, where the gateway picks an endpoint per outer stream
     */
    record ViaGateway(
            InetSocketAddress gateway,
            SpiffeId gatewayId,
            SpiffeId node,
            String outerAuthority,
            boolean shared,
            Set<SpiffeId> expected,
            SpiffeId client,
            String authority,
            RequestHeaders headers)
            implements Route {
        public ViaGateway {
            expected = known(expected);
        }
    }

    private static Set<SpiffeId> known(Set<SpiffeId> expected) {
        if (expected.isEmpty()) {
            throw new IllegalArgumentException("expected: empty (expected: at least one SPIFFE ID)");
        }
        return Set.copyOf(expected);
    }
}
