/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.show.Screen;
import io.hanse.cli.show.Times;
import io.hanse.cli.time.Pace;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a command can touch of the process it runs in.
 *
 * @param screen where it writes
 * @param in standard input, read only when asked for with {@code -}
 * @param environment the environment variables
 * @param folder the current folder
 * @param pace time
 * @param zone for times of the day
 */
public record Surroundings(
        Screen screen, InputStream in, Map<String, String> environment, Path folder, Pace pace, ZoneId zone) {

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** The JVM's own. */
    public static Surroundings ofThisProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                Screen.ofSystem(environment),
                System.in,
                environment,
                Path.of("").toAbsolutePath(),
                Pace.ofSystem(),
                ZoneId.systemDefault());
    }

    Times times() {
        return new Times(pace::now, zone);
    }
}
