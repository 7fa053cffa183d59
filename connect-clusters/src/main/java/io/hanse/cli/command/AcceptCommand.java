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
import io.hanse.cli.show.Screen;
import io.hanse.cli.show.Times;
import io.hanse.cli.time.Pace;
import io.hanse.model.cluster.HostPort;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "accept",
        mixinStandardHelpOptions = true,
        description = {
            "Accepts an invitation: both clusters trust each other for their own identities from then on.",
            "A text given as an argument is visible to other users of this machine; - reads it from standard input, @file from a file."
        },
        footer = {"", "Example: connect-clusters accept @invitation.txt --dir lubeck"})
final class AcceptCommand implements Callable<Integer> {

    private static final int SHOWN_DIGITS = 16;

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final DryRunOption dryRun = new DryRunOption();

    @Parameters(index = "0", paramLabel = "<invitation>", description = "The text, or -, or @file.")
    private String invitation = "";

    AcceptCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        InvitationText text = InvitationText.from(invitation, surroundings);
        Screen screen = surroundings.screen();
        if (!output.json()) {
            screen.line("  %-18s gateway %s   bundle SHA-256 %s (as invited)"
                    .formatted(
                            text.trustDomain(),
                            text.gateways().stream().map(HostPort::toString).collect(Collectors.joining(", ")),
                            text.bundleSha256().substring(0, SHOWN_DIGITS)));
            screen.line("  will trust         %s for its own identities only".formatted(text.trustDomain()));
            screen.line("  will export        services annotated hanse.io/global: \"true\", and no others");
        }
        if (dryRun.on()) {
            ObjectNodes.printDryRun(
                    surroundings,
                    output,
                    "would connect %s and %s; the invitation ends %s"
                            .formatted(
                                    control.directory().name(),
                                    text.cluster(),
                                    surroundings.times().relative(text.expiresAt())),
                    shown(text));
            return ExitCode.FINE.number();
        }
        Pace.Stopwatch watch = surroundings.pace().start();
        JsonNode answer = control.post(
                Role.TRUST_BUNDLE_EXCHANGE,
                "/v1/relationships",
                ClusterControl.object().put("invitation", text.secretText()));
        if (output.json()) {
            ObjectNodes.print(surroundings, "relationship", answer);
        } else {
            screen.line("connected in %s. Next: connect-clusters status      Undo: connect-clusters disconnect %s"
                    .formatted(Times.took(watch.elapsed()), text.cluster()));
        }
        return ExitCode.FINE.number();
    }

    private static ObjectNode shown(InvitationText text) {
        ObjectNode invitation = ClusterControl.object()
                .put("cluster", text.cluster().name())
                .put("trustDomain", text.trustDomain().name());
        text.gateways().forEach(gateway -> invitation.withArray("gateways").add(gateway.toString()));
        return invitation
                .put("bundleSha256", text.bundleSha256())
                .put("expiresAt", text.expiresAt().toString());
    }
}
