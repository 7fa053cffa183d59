/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import io.hanse.model.identity.SpiffeId;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What the proxy of a workload knows about a connection to it.
 *
 * @param caller the verified identity of the calling workload; empty for plain text
 * @param sourceIp the other end of the L4 connection: across a gateway the gateway's address
 * @param destinationIp the workload's own address
 * @param destinationPort the workload's own port (the target port, not the service's)
 */
public record Connection(
        Optional<SpiffeId> caller, InetAddress sourceIp, InetAddress destinationIp, int destinationPort) {}
