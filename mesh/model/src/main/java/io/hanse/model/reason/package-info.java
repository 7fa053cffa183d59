/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Why a call was refused, the same word everywhere: in the response, the access log, the metric label
 * and {@code explain} (design invariant 9).
 */
@NullMarked
package io.hanse.model.reason;

import org.jspecify.annotations.NullMarked;
