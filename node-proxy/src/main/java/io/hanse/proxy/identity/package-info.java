/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The SVIDs of this node's workloads: got from spiffe-ca in the node's name, renewed before they run out or when their
 * authority is tainted, kept on disk (0600) so that a restart needs nobody.
 *
 * <p>Reading never blocks and is done on event loops; everything else runs on the scheduler's threads. Private keys leave
 * this room towards TLS and the Workload API only.
 */
@NullMarked
package io.hanse.proxy.identity;

import org.jspecify.annotations.NullMarked;
