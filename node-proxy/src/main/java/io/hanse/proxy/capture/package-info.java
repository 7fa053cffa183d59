/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * How connections of and to workloads reach the proxy without privileges: explicit listeners that the workload's
 * manifest names. Redirection inside a network namespace will be a second way to the same two doors.
 *
 * <p>Listeners follow the catalog: {@link io.hanse.proxy.capture.ExplicitListeners#publish} binds and unbinds.
 */
@NullMarked
package io.hanse.proxy.capture;

import org.jspecify.annotations.NullMarked;
