/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli;

import io.hanse.cli.command.CommandTree;
import io.hanse.cli.command.Surroundings;

/** Starts the {@code connect-clusters} command. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandTree(Surroundings.ofThisProcess()).run(args));
    }
}
