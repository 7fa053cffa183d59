/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import java.time.Instant;

/**
 * Something that is wrong with a process now.
 *
 * @param task the start task it belongs to: {@code own certificate}
 * @param what a sentence for operators, secrets left out
 * @param since when something became wrong with this task, with no right moment since
 * @param next the command, or the deed, that helps
 */
public record Problem(String task, String what, Instant since, String next) {}
