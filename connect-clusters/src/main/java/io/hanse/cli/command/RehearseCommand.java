/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.ExitCode;
import io.hanse.cli.demo.Rehearsal;
import io.hanse.cli.run.Installation;
import io.hanse.cli.show.Times;
import io.hanse.cli.time.Pace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "rehearse",
        mixinStandardHelpOptions = true,
        description = {
            "Makes this installation's processes start quicker: runs a small cluster once and keeps what their JVMs"
                    + " learn.",
            "Done by bin/connect-clusters after it has built the product; of use again only when the jars or the JDK"
                    + " change."
        },
        footer = {"", "Example: connect-clusters rehearse"})
final class RehearseCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    RehearseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Pace.Stopwatch watch = surroundings.pace().start();
        Installation installation = Installation.ofThisProcess();
        new Rehearsal(installation, surroundings.pace()).run();
        surroundings
                .screen()
                .line("start caches are in %s, made in %s"
                        .formatted(installation.startCaches().folder(), Times.took(watch.elapsed())));
        return ExitCode.FINE.number();
    }
}
