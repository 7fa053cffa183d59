/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

/** Wires one role: reads its section, whose problems were told already, and makes each part once. Nothing starts here. */
@FunctionalInterface
public interface ProcessFactory {

    /** The role, wired and not started. */
    RunningProcess wire(ProcessContext context);
}
