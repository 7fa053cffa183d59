/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** What the gateway tells about the tunnels it carried and those it refused: access-log lines and counters. */
@NullMarked
package io.hanse.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
