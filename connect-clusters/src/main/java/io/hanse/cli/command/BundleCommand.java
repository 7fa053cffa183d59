/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.show.BundleTable;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which roots are trusted, and for whose identities. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows trust bundles: which roots speak for which trust domain.",
        footer = {"", "Example: connect-clusters bundle show --dir lubeck"})
final class BundleCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private BundleCommand() {}

    static CommandLine line(Surroundings surroundings) {
        return new CommandLine(new BundleCommand()).addSubcommand(new Show(surroundings));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the bundles this cluster trusts, or one as SPIFFE bundle JSON.",
            footer = {"", "Example: connect-clusters bundle show bergen.example -o json --dir lubeck"})
    private static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final ClusterOption cluster = new ClusterOption();

        @Mixin
        private final OutputOption output = new OutputOption();

        @Parameters(index = "0", arity = "0..1", paramLabel = "<trust-domain>", description = "Default: all of them.")
        private String trustDomain = "";

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            ClusterControl control = cluster.control(surroundings);
            String target = trustDomain.isEmpty() ? "/v1/bundles" : "/v1/bundles/" + trustDomain;
            JsonNode bundles = control.get(Role.TRUST_BUNDLE_EXCHANGE, target);
            if (output.json()) {
                ObjectNodes.print(
                        surroundings,
                        trustDomain.isEmpty() ? "bundles" : "bundle",
                        ObjectNodes.list(bundles, "bundles"));
            } else if (trustDomain.isEmpty()) {
                surroundings.screen().table(BundleTable.of(ObjectNodes.list(bundles, "bundles"), surroundings.times()));
            } else {
                bundles.toPrettyString().lines().forEach(surroundings.screen()::line);
            }
            return ExitCode.FINE.number();
        }
    }
}
