/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Finds blocking calls on event loops, in tests and in processes that tests start. Callers: JUnit, by itself; a JVM, as its
 * agent; a test that proves the watch. Any thread. Absent on purpose: product code, which does not know of it.
 */
@NullMarked
package io.hanse.watch;

import org.jspecify.annotations.NullMarked;
