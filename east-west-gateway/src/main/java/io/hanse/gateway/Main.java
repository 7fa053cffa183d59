/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import io.hanse.runtime.process.ProcessShell;

/** Runs the east-west gateway. */
public final class Main {

    private Main() {}

    /** {@code --config <cluster.yaml>}. */
    public static void main(String[] args) {
        System.exit(ProcessShell.run(args, GatewayWiring.role()));
    }
}
