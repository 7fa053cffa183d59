/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.ExitCode;
import io.hanse.cli.run.Installation;
import io.hanse.cli.show.Screen;
import io.hanse.cli.time.Pace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Runs the steps. */
public final class Demo {
    private final Screen screen;

    public Demo(Screen screen, Pace pace, Installation installation, @Nullable Path folder, boolean keep) {
        this.screen = screen;
    }

    /** Runs them. */
    public ExitCode run() {
        screen.line("");
        return ExitCode.PROBLEM;
    }
}
