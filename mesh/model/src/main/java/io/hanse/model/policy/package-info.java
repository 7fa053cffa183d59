/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Who may call whom: the L4 authorization model of the workload discovery service (istio.security.Authorization) and its
 * evaluation, with the trust domain bound into every principal.
 *
 * <p>Pure; any thread. Absent on purpose: L7 fields, which a source must refuse rather than drop.
 */
@NullMarked
package io.hanse.model.policy;

import org.jspecify.annotations.NullMarked;
