/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** What tests of the registry need, here and in {@code tests}. Ships as cluster-registry's test-jar. Any thread. */
@NullMarked
package io.hanse.registry.testing;

import org.jspecify.annotations.NullMarked;
