/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.hanse.runtime.process.ProcessShell;

/** Runs spiffe-ca: {@code --config <cluster.yaml>}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(ProcessShell.run(args, CaWiring.role()));
    }
}
