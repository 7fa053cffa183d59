/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.show.SvidTable;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "svid",
        mixinStandardHelpOptions = true,
        description = "Shows the identities that this machine's node proxies hold for their workloads; never a key.",
        footer = {"", "Example: connect-clusters svid --dir lubeck"})
final class SvidCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<workload>",
            description = "Only those whose SPIFFE ID or name contains this. Default: all.")
    private String wanted = "";

    SvidCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        ArrayNode found = ClusterControl.object().putArray("svids");
        ArrayNode silent = ClusterControl.object().putArray("silent");
        for (Path socket : sockets(control)) {
            if (control.tryGet(socket, "/v1/workloads") instanceof ControlReply.Answered answered) {
                for (JsonNode workload : ObjectNodes.list(answered.body(), "workloads")) {
                    if (workload.path("spiffeId").asText().contains(wanted)
                            || workload.path("name").asText().contains(wanted)) {
                        found.add(workload);
                    }
                }
            } else {
                silent.add(socket.toString());
                surroundings.screen().note("the node proxy behind %s does not answer".formatted(socket));
            }
        }
        if (output.json()) {
            surroundings
                    .screen()
                    .json(ClusterControl.object()
                            .put("version", 1)
                            .<ObjectNode>set("svids", found)
                            .set("silent", silent));
        } else {
            surroundings.screen().table(SvidTable.of(found, surroundings.times()));
        }
        if (!silent.isEmpty()) {
            return ExitCode.UNREACHABLE.number(); // what is shown is not all
        }
        return found.isEmpty() ? ExitCode.PROBLEM.number() : ExitCode.FINE.number();
    }

    private static Iterable<Path> sockets(ClusterControl control) {
        var sockets = control.directory().nodeSockets();
        if (sockets.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "no node proxy of cluster %s runs here"
                            .formatted(control.directory().name()),
                    "Workloads of this machine have no identity without it.",
                    "connect-clusters run --dir " + control.directory().root());
        }
        return sockets;
    }
}
