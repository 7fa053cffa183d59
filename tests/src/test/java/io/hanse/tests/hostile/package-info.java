/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Hostile HTTP/2 and TLS against a real node-proxy's and a real gateway's port: each attack on a connection of its own, with
 * the right end expected, while a canary keeps calling through the same listener. {@code HostileTable} prints how slow the
 * canary became; no timing passes or fails.
 */
@NullMarked
package io.hanse.tests.hostile;

import org.jspecify.annotations.NullMarked;
