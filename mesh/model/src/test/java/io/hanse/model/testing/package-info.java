/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Certificates and clocks for tests, good and bad on purpose, and waiting for other threads. Ships as mesh-model's test-jar; its users need Bouncy Castle
 * ({@code bcpkix}) in test scope. One thread each.
 */
@NullMarked
package io.hanse.model.testing;

import org.jspecify.annotations.NullMarked;
