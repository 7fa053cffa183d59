/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Calls of this node's workloads: from a service and a port to a tunnel, trying the next endpoint while no byte has been
 * sent.
 *
 * <p>Runs on the event loops; nothing blocks. Names of gateways are resolved ahead of calls, on virtual threads.
 */
@NullMarked
package io.hanse.proxy.outbound;

import org.jspecify.annotations.NullMarked;
