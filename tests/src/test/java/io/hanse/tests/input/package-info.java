/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Input that people get wrong, given to the real command and the real processes: each answer says what is wrong, where,
 * and what to do next, and none is a stack trace. Standalone clusters in temporary folders, on loopback; no standard.
 */
@NullMarked
package io.hanse.tests.input;

import org.jspecify.annotations.NullMarked;
