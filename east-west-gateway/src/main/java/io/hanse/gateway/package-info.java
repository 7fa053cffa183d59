/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The east-west gateway: the one address a peer cluster must reach. It ends outer tunnels of peers it has a live
 * relationship with, picks the endpoint they ask for among what is exported to them, and carries the inner tunnel
 * untouched; it passes their control traffic through by SNI.
 *
 * <p>{@link io.hanse.gateway.GatewayWiring} makes every part once. Absent on purpose: the keys of any workload. The
 * gateway can refuse, it cannot read or impersonate (design invariant 3).
 */
@NullMarked
package io.hanse.gateway;

import org.jspecify.annotations.NullMarked;
