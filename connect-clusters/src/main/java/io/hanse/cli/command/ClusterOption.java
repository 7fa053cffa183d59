/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command is about. */
final class ClusterOption {

    static final String VARIABLE = "HANSE_DIR";

    @Option(
            names = "--dir",
            paramLabel = "<folder>",
            description = "The cluster's folder. Default: HANSE_DIR, else the current folder.")
    private String dir = "";

    ClusterDirectory directory(Surroundings surroundings) {
        surroundings.screen().about(dir);
        String chosen = dir.isEmpty() ? surroundings.environment().getOrDefault(VARIABLE, "") : dir;
        return ClusterDirectory.at(surroundings.folder().resolve(Path.of(chosen)));
    }

    ClusterControl control(Surroundings surroundings) {
        return new ClusterControl(directory(surroundings), surroundings.pace());
    }
}
