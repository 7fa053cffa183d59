/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import io.hanse.model.cluster.HostPort;
import java.util.List;

/**
 * How to reach an endpoint in a peer cluster.
 *
 * @param endpointId what the peer's gateway knows it by: the first label of the outer tunnel's authority
 * @param gateways the peer's gateways, in the peer's order of preference
 */
public record RemoteAccess(String endpointId, List<HostPort> gateways) {

    public RemoteAccess {
        gateways = List.copyOf(gateways);
    }
}
