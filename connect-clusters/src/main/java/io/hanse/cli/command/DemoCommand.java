/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.demo.Demo;
import io.hanse.cli.run.Installation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows two clusters with two unrelated roots calling each other: real processes, on loopback, without root.",
            "Every step is verified; the exit status is 0 only if all of them held. Nothing is left behind."
        },
        footer = {"", "Example: connect-clusters demo --keep"})
final class DemoCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Option(
            names = "--keep",
            description = "Stop before the last step, leave everything running until Ctrl-C and print what to try.")
    private boolean keep;

    @Option(
            names = "--dir",
            paramLabel = "<folder>",
            description = "Where to work and to write demo.json; kept afterwards. Default: a temporary folder.")
    private String dir = "";

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        return new Demo(
                        surroundings.screen(),
                        surroundings.pace(),
                        Installation.ofThisProcess(),
                        dir.isEmpty() ? null : surroundings.folder().resolve(Path.of(dir)),
                        keep)
                .run()
                .number();
    }
}
