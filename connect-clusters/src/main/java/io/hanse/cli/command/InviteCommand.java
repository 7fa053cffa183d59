/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.show.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "invite",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an invitation for another cluster's operator.",
            "It works once, for 15 minutes, and holds no private key; who has it can connect, so send it as you would a password."
        },
        footer = {"", "Example: connect-clusters invite lubeck --dir bergen"})
final class InviteCommand implements Callable<Integer> {

    private static final Duration USUAL_LIFETIME = Duration.ofMinutes(15);

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final DryRunOption dryRun = new DryRunOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<cluster>",
            description = "Only a cluster of this name may accept it. Default: any.")
    private String guest = "";

    @Option(
            names = "--ttl",
            paramLabel = "<duration>",
            description = "How long it can be accepted, e.g. 10m. Default: 15m.")
    private Duration lifetime = USUAL_LIFETIME;

    InviteCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        ObjectNode wish = ClusterControl.object().put("ttlSeconds", lifetime.toSeconds());
        if (!guest.isEmpty()) {
            wish.put("cluster", guest);
        }
        if (dryRun.on()) {
            ObjectNodes.printDryRun(
                    surroundings,
                    output,
                    "would make an invitation to %s for %s, good for %s"
                            .formatted(
                                    control.directory().name(),
                                    guest.isEmpty() ? "any one cluster" : guest,
                                    Times.length(lifetime)),
                    wish);
            return ExitCode.FINE.number();
        }
        JsonNode made = control.post(Role.TRUST_BUNDLE_EXCHANGE, "/v1/invitations", wish);
        String text = made.path("invitation").asText("");
        Instant expiresAt = Instant.parse(made.path("expiresAt").asText());
        if (output.json()) {
            surroundings
                    .screen()
                    .json(ClusterControl.object()
                            .put("version", 1)
                            .put("invitation", text)
                            .put("expiresAt", expiresAt.toString()));
            return ExitCode.FINE.number();
        }
        surroundings
                .screen()
                .note("Give this to the operator of %s. It works once, until %s (%s), and holds no key:"
                        .formatted(
                                guest.isEmpty() ? "the other cluster" : guest,
                                surroundings.times().clock(expiresAt),
                                Times.length(lifetime)));
        surroundings.screen().note("");
        surroundings.screen().line(text);
        surroundings.screen().note("");
        surroundings
                .screen()
                .note(
                        "There they run:  connect-clusters accept - (there) and paste it, then Ctrl-D (a command line is visible to"
                                + " other users of a machine).");
        return ExitCode.FINE.number();
    }
}
