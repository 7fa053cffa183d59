/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

@NullMarked
package io.hanse.runtime.hbone;

import org.jspecify.annotations.NullMarked;
