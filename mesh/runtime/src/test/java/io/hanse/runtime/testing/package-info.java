/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Identities and waits for tests of processes and of the clients they share. Ships in mesh-runtime's test-jar.
 */
@NullMarked
package io.hanse.runtime.testing;

import org.jspecify.annotations.NullMarked;
