/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.model.identity.SpiffeId;
import java.util.List;

/** Gets JWT-SVIDs for workloads of this node. May block for a round trip; any thread. */
@FunctionalInterface
public interface JwtMinter {

    /**
     * A JWT-SVID of {@code workload}.
     *
     * @throws io.grpc.StatusRuntimeException as spiffe-ca refuses, or UNAVAILABLE
     */
    String mint(SpiffeId workload, List<String> audience);
}
