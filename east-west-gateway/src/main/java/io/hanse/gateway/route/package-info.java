/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * From what a peer asks for to the next hop: pure decisions over the catalog image. Any thread, nothing blocks.
 *
 * <p>Only endpoints of exported services are ever answers; an address, a foreign name or a local-only service is refused
 * whatever the peer claims (design invariant 5).
 */
@NullMarked
package io.hanse.gateway.route;

import org.jspecify.annotations.NullMarked;
