/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.outbound;

import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.transport.hbone.Route;
import java.util.Optional;

/**
 * One way to reach one endpoint.
 *
 * @param gateway the gateway on the way; empty on the same network
 */
record Attempt(Workload endpoint, Optional<HostPort> gateway, Route route) {}
