/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange;

import io.hanse.runtime.process.ProcessShell;

/** Runs trust-bundle-exchange alone: {@code --config <cluster.yaml>}. */
public final class Main {

    private Main() {}

    /** Ends with the shell's exit code. */
    public static void main(String[] args) {
        System.exit(ProcessShell.run(args, ExchangeWiring.role()));
    }
}
