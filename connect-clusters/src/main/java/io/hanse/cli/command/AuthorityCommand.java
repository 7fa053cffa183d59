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
import io.hanse.cli.show.AuthorityTable;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keys that sign: shown, and moved through their states by hand. */
@Command(
        name = "authority",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Shows and rotates the cluster's signing authorities.",
            "In order: prepare (published, signs nothing), activate (signs from now on), taint (its certificates are"
                    + " renewed at once), revoke (trusted no longer)."
        },
        footer = {"", "Example: connect-clusters authority show --dir bergen"})
final class AuthorityCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private AuthorityCommand() {}

    static CommandLine line(Surroundings surroundings) {
        CommandLine line = new CommandLine(new AuthorityCommand()).addSubcommand(new Show(surroundings));
        for (Deed deed : Deed.values()) {
            line.addSubcommand(deed.word(), new Change(surroundings, deed));
        }
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private enum Deed {
        PREPARE("undo: connect-clusters authority taint %1$s, then revoke %1$s"),
        ACTIVATE("to go on from here: prepare and activate another; an authority is active once"),
        TAINT("this cannot be undone; when its holders have renewed: connect-clusters authority revoke %s"),
        REVOKE("this cannot be undone");

        private final String after;

        Deed(String after) {
            this.after = after;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** X.509 authorities sign certificates, JWT authorities sign tokens. */
    enum Kind {
        X509,
        JWT;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows every authority with its state.",
            footer = {"", "Example: connect-clusters authority show --dir bergen"})
    private static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final ClusterOption cluster = new ClusterOption();

        @Mixin
        private final OutputOption output = new OutputOption();

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            JsonNode authorities = cluster.control(surroundings).get(Role.SPIFFE_CA, "/v1/authorities");
            if (output.json()) {
                ObjectNodes.print(surroundings, "authorities", authorities);
            } else {
                surroundings.screen().table(AuthorityTable.of(authorities, surroundings.times()));
            }
            return ExitCode.FINE.number();
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Moves an authority to its next state.",
            footer = {"", "Example: connect-clusters authority ${COMMAND-NAME} --dir bergen"})
    private static final class Change implements Callable<Integer> {
        private final Surroundings surroundings;
        private final Deed deed;

        @Mixin
        private final ClusterOption cluster = new ClusterOption();

        @Mixin
        private final OutputOption output = new OutputOption();

        @Mixin
        private final DryRunOption dryRun = new DryRunOption();

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "<key-id>",
                description = "The authority, as authority show prints it. Default: the only one it can mean.")
        private String keyId = "";

        @Option(names = "--kind", paramLabel = "<kind>", description = "x509 or jwt. Default: x509.")
        private Kind kind = Kind.X509;

        @Option(
                names = "--force",
                description = {
                    "Also when peers or certificates are not ready for it yet.",
                    "activate: a peer that could not poll since the new key was published is cut off until invited again"
                            + " (connect-clusters disconnect, in both clusters, then connect-clusters invite).",
                    "revoke: its SVIDs that are still valid are refused from now on."
                })
        private boolean force;

        Change(Surroundings surroundings, Deed deed) {
            this.surroundings = surroundings;
            this.deed = deed;
        }

        @Override
        public Integer call() {
            ClusterControl control = cluster.control(surroundings);
            String target = "/v1/authorities/" + kind.word() + "/" + deed.word();
            ObjectNode wish = ClusterControl.object();
            if (!keyId.isEmpty()) {
                wish.put("keyId", keyId);
            }
            if (force) {
                wish.put("force", true);
            }
            if (dryRun.on()) {
                ObjectNodes.printDryRun(
                        surroundings,
                        output,
                        "would %s the %s authority %s of %s%s"
                                .formatted(
                                        deed.word(),
                                        kind.word(),
                                        keyId.isEmpty() ? "that it can only mean" : keyId,
                                        control.directory().trustDomain(),
                                        force ? ", ready or not" : ""),
                        wish);
                return ExitCode.FINE.number();
            }
            JsonNode answer = control.post(Role.SPIFFE_CA, target, wish);
            if (output.json()) {
                ObjectNodes.print(surroundings, "authority", answer);
                return ExitCode.FINE.number();
            }
            String done = answer.path("keyId").asText(keyId);
            surroundings
                    .screen()
                    .line("%s %s: done. %s"
                            .formatted(
                                    deed.word(),
                                    done,
                                    capital(deed.after.contains("%") ? deed.after.formatted(done) : deed.after)));
            surroundings
                    .screen()
                    .table(AuthorityTable.of(control.get(Role.SPIFFE_CA, "/v1/authorities"), surroundings.times()));
            return ExitCode.FINE.number();
        }

        private static String capital(String text) {
            return Character.toUpperCase(text.charAt(0)) + text.substring(1);
        }
    }
}
