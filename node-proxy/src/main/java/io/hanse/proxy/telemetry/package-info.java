/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the proxy tells about calls: one access-log line with both identities and the reason code, and Istio-named
 * counters. On the event loops; nothing blocks, no meter is looked up by name.
 */
@NullMarked
package io.hanse.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
