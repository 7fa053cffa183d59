/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import io.hanse.runtime.process.ProcessShell;

/** Runs the proxy of a node. */
public final class Main {

    private Main() {}

    /** {@code --config <cluster.yaml> [--node <name>]}. */
    public static void main(String[] args) {
        System.exit(ProcessShell.run(args, ProxyWiring.role()));
    }
}
