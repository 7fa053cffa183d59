/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.run.JoinTokens;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "join-token",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a one-use secret by which a process gets its first certificate.",
            "It is written to a file that only you can read, because a secret on a screen or in a command line is seen."
        },
        footer = {"", "Example: connect-clusters join-token --node b --file b.token"})
final class JoinTokenCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final DryRunOption dryRun = new DryRunOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<spiffe-id>",
            description = "Whom it is for; or give --node.")
    private String identity = "";

    @Option(names = "--node", paramLabel = "<name>", description = "For the proxy of this node.")
    private String node = "";

    @Option(names = "--file", paramLabel = "<file>", required = true, description = "Where to write it, mode 0600.")
    private Path file = Path.of("");

    @Option(names = "--ttl", paramLabel = "<duration>", description = "How long it can be used, e.g. 10m. Default: 5m.")
    private Duration lifetime = JoinTokens.LIFETIME;

    JoinTokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        SpiffeId wanted = wanted(control);
        Path target = surroundings.folder().resolve(file);
        if (dryRun.on()) {
            surroundings.screen().line("would make a join token for %s in %s".formatted(wanted, target));
            return ExitCode.FINE.number();
        }
        JsonNode answer = new JoinTokens(control).mint(wanted, lifetime);
        JoinTokens.write(target, answer.path("token").asText(""));
        surroundings
                .screen()
                .line("%s holds a join token for %s; it works once, %s."
                        .formatted(
                                target,
                                wanted,
                                answer.hasNonNull("expiresAt")
                                        ? surroundings
                                                .times()
                                                .relative(Instant.parse(
                                                        answer.path("expiresAt").asText()))
                                        : "soon"));
        return ExitCode.FINE.number();
    }

    private SpiffeId wanted(ClusterControl control) {
        if (identity.isEmpty() == node.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "join-token: give a SPIFFE ID or --node, one of the two",
                    "A join token is for one identity.",
                    "connect-clusters join-token --help");
        }
        try {
            return node.isEmpty()
                    ? SpiffeId.parse(identity)
                    : SystemIdentity.node(control.directory().trustDomain(), node);
        } catch (InvalidSpiffeId e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    String.valueOf(e.getMessage()),
                    "Nothing was done.",
                    "connect-clusters join-token --help");
        }
    }
}
