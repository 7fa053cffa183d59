/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Trust bundles (SPIFFE_Trust_Domain_and_Bundle.md): the public keys that speak for a trust domain, their JSON, and the
 * map of all bundles a process holds.
 *
 * <p>Pure values, any thread. The JSON reader is jackson-core, streaming, and appears in this package only (ADR 3).
 */
@NullMarked
package io.hanse.model.bundle;

import org.jspecify.annotations.NullMarked;
