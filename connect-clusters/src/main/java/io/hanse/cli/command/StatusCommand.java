/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.show.StatusFacts;
import io.hanse.cli.show.StatusView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows whether this cluster and its connections are fine, and if not, what to do.",
            "The data path is proved by a probe through the peer's gateway, and trust by asking both sides."
        },
        footer = {"", "Example: connect-clusters status --dir lubeck"})
final class StatusCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        StatusFacts facts = StatusQuestions.ask(control);
        StatusView view = new StatusView(facts, surroundings.times());
        if (output.json()) {
            surroundings.screen().json(view.json());
        } else {
            view.lines(surroundings.screen()).forEach(surroundings.screen()::line);
        }
        return view.problems().isEmpty() ? ExitCode.FINE.number() : ExitCode.PROBLEM.number();
    }
}
