/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "disconnect",
        mixinStandardHelpOptions = true,
        description = "Ends a relationship in both clusters: trust is removed and live connections are closed.",
        footer = {"", "Example: connect-clusters disconnect bergen --dir lubeck"})
final class DisconnectCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final DryRunOption dryRun = new DryRunOption();

    @Parameters(index = "0", paramLabel = "<peer>", description = "The peer's cluster name or trust domain.")
    private String peer = "";

    DisconnectCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        String trustDomain = trustDomain(control);
        if (dryRun.on()) {
            ObjectNodes.printDryRun(
                    surroundings,
                    output,
                    "would end trust in %s, in both clusters, and close its live connections".formatted(trustDomain),
                    ClusterControl.object().put("trustDomain", trustDomain));
            return ExitCode.FINE.number();
        }
        JsonNode answer = control.delete(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships/" + trustDomain);
        if (output.json()) {
            ObjectNodes.print(surroundings, "disconnected", answer);
            return ExitCode.FINE.number();
        }
        surroundings
                .screen()
                .line("disconnected from %s. It is trusted no longer, and its connections here are being closed."
                        .formatted(trustDomain));
        if (answer.has("farewell") && !answer.path("farewell").asBoolean()) {
            surroundings
                    .screen()
                    .note(
                            "%s could not be told: %s. It refuses our calls once its operator runs: connect-clusters disconnect %s (there)"
                                    .formatted(
                                            trustDomain,
                                            answer.path("farewellError").asText("no answer"),
                                            control.directory().name()));
        }
        surroundings
                .screen()
                .line("Undo: a new invitation: connect-clusters invite %s (there), then connect-clusters accept -"
                        .formatted(control.directory().name()));
        return ExitCode.FINE.number();
    }

    private String trustDomain(ClusterControl control) {
        JsonNode relationships =
                ObjectNodes.list(control.get(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships"), "relationships");
        return StreamSupport.stream(relationships.spliterator(), false)
                .filter(node -> peer.equals(node.path("cluster").asText())
                        || peer.equals(node.path("trustDomain").asText()))
                .map(node -> node.path("trustDomain").asText())
                .findFirst()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.USAGE,
                        "%s has no relationship with %s"
                                .formatted(control.directory().name(), peer),
                        "There is nothing to end; neither cluster was changed.",
                        "connect-clusters status --dir " + control.directory().root()));
    }
}
