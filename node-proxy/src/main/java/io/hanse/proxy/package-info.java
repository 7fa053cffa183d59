/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The proxy of a node: the identity agent of its workloads (SPIFFE Workload API) and their data plane (HBONE in and out,
 * policy, endpoint choice, access log).
 *
 * <p>{@link io.hanse.proxy.ProxyWiring} makes every part once. Bytes run on the event loops, everything else on virtual
 * threads. What the control plane last said is kept on disk: with all of it gone the proxy goes on.
 */
@NullMarked
package io.hanse.proxy;

import org.jspecify.annotations.NullMarked;
