/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Which endpoint of a service a call goes to: affinity, health as the owner says it and as calls have shown it, locality,
 * weight.
 *
 * <p>{@code outbound} asks, on event loops; nothing here blocks. Absent on purpose: active health checks. What a call
 * learns is what the next call uses, and a failed attempt costs the caller nothing because no byte was sent yet.
 */
@NullMarked
package io.hanse.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
