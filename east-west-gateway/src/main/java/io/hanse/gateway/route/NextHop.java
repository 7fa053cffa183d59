/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.route;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;

/** Where an outer tunnel leads. */
public sealed interface NextHop {

    /**
     * To an endpoint's own proxy.
     *
     * @param proxy address and HBONE port
     */
    record Endpoint(ServiceName service, Workload workload, InetSocketAddress proxy) implements NextHop {}

    /** The peer only asks whether the gateway is there. */
    record Probe() implements NextHop {}

    /**
     * Nowhere.
     *
     * @param status of the answer to CONNECT
     */
    record Nowhere(int status, ReasonCode reason) implements NextHop {}
}
