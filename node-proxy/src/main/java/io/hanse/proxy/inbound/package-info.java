/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Calls to this node's workloads: where a CONNECT leads, whether the caller may, and again when the rules change.
 *
 * <p>Runs on the event loops; nothing blocks. The verdict is made by {@code io.hanse.model.policy}; this room finds out
 * what it is about.
 */
@NullMarked
package io.hanse.proxy.inbound;

import org.jspecify.annotations.NullMarked;
