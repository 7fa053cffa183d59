/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the proxy says of itself on its control socket: status, workloads with their SVIDs, probes of peers, and why a call
 * would or would not go through. Reads only.
 */
@NullMarked
package io.hanse.proxy.api;

import org.jspecify.annotations.NullMarked;
