/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the processes that take HBONE (node-proxy, east-west-gateway) have in common beside the transport itself: how
 * their limits are configured.
 *
 * <p>Callers: their config records, on the thread that starts the process. Absent on purpose: defaults, which live with the
 * transport ({@code HboneLimits.defaults}).
 */
@NullMarked
package io.hanse.runtime.hbone;

import org.jspecify.annotations.NullMarked;
