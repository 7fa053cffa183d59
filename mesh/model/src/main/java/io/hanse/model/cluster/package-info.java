/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Where things are: clusters, localities, addresses, gateways. Pure values, any thread; nothing here resolves a name. */
@NullMarked
package io.hanse.model.cluster;

import org.jspecify.annotations.NullMarked;
