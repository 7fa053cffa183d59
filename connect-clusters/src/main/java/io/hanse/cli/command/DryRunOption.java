/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import picocli.CommandLine.Option;

/** Says what would be done and does nothing. */
final class DryRunOption {

    @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
    private boolean dryRun;

    boolean on() {
        return dryRun;
    }
}
