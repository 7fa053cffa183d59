/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What can be called and where it runs: services, workloads and the image of all of them.
 *
 * <p>Pure values, any thread. An image is immutable and a change is a new image (rule 6 of the style sheet).
 */
@NullMarked
package io.hanse.model.catalog;

import org.jspecify.annotations.NullMarked;
