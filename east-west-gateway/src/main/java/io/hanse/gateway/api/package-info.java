/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** What the gateway says of itself on its control socket: {@code /v1/status} and {@code /v1/connections}. Reads only. */
@NullMarked
package io.hanse.gateway.api;

import org.jspecify.annotations.NullMarked;
