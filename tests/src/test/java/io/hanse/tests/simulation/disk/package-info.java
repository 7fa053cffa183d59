/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A disk in memory that forgets what was never synced: files, directories and channels of {@code java.nio.file}, so that
 * the product's own code for durable files runs on it unchanged.
 *
 * <p>One thread at a time. A power cut keeps what {@code force} was called for, and of the rest whatever chance says, as a
 * real disk does. Absent on purpose: links, several users, and every option that the product does not use.
 */
@NullMarked
package io.hanse.tests.simulation.disk;

import org.jspecify.annotations.NullMarked;
