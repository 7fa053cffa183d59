/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.show.ServiceTable;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "services",
        mixinStandardHelpOptions = true,
        description = "Shows the services this cluster knows, which are global, and where their endpoints are.",
        footer = {"", "Example: connect-clusters services --dir lubeck"})
final class ServicesCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    ServicesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        JsonNode services = ObjectNodes.list(control.get(Role.CLUSTER_REGISTRY, "/v1/services"), "services");
        JsonNode problems = ObjectNodes.list(control.get(Role.CLUSTER_REGISTRY, "/v1/problems"), "problems");
        if (output.json()) {
            var document = ClusterControl.object().put("version", 1);
            document.set("services", services);
            document.set("problems", problems);
            surroundings.screen().json(document);
        } else {
            surroundings.screen().table(ServiceTable.of(services));
            problems.forEach(problem -> surroundings
                    .screen()
                    .note((ServiceTable.isProblem(problem) ? "problem: " : "notice: ")
                            + ServiceTable.problem(problem)));
        }
        boolean fine = StreamSupport.stream(problems.spliterator(), false).noneMatch(ServiceTable::isProblem);
        return fine ? ExitCode.FINE.number() : ExitCode.PROBLEM.number();
    }
}
