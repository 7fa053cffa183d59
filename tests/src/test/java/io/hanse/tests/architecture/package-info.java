/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The walls of the house and its tidiness, as tests: which module may know which, and the rules of docs/ARCHITECTURE.md
 * that a compiler does not check.
 */
@NullMarked
package io.hanse.tests.architecture;

import org.jspecify.annotations.NullMarked;
