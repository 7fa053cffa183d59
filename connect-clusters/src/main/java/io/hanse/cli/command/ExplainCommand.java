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
import io.hanse.cli.show.Explanation;
import io.hanse.model.catalog.ServiceName;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Walks the way of a call link by link and names the first that is broken.",
            "The far proxy is asked for its verdict; no workload is touched."
        },
        footer = {"", "Example: connect-clusters explain shop/frontend shop/api-server:80 --dir lubeck"})
final class ExplainCommand implements Callable<Integer> {

    private static final Pattern TARGET = Pattern.compile("(?:([^/:]+)/)?([^/:]+):([0-9]{1,5})");

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Parameters(index = "0", paramLabel = "<client>", description = "The calling workload, namespace/name.")
    private String client = "";

    @Parameters(
            index = "1",
            paramLabel = "<service:port>",
            description = "The service, [namespace/]name:port. Default namespace: the client's.")
    private String service = "";

    ExplainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        ServiceName from = name(client, "client", "namespace/name");
        Matcher target = TARGET.matcher(service);
        if (!target.matches()) {
            throw misused("service: %s (expected: [namespace/]name:port)".formatted(service));
        }
        String namespace = target.group(1) == null ? from.namespace() : target.group(1);
        ServiceName to = name(namespace + "/" + target.group(2), "service", "[namespace/]name:port");
        JsonNode answer = control.get(
                Role.NODE_PROXY, "/v1/explain?client=%s&service=%s&port=%s".formatted(from, to, target.group(3)));
        if (output.json()) {
            ObjectNodes.print(surroundings, "explanation", answer);
        } else {
            Explanation.lines(answer, surroundings.screen()).forEach(surroundings.screen()::line);
        }
        return Explanation.connects(answer) ? ExitCode.FINE.number() : ExitCode.PROBLEM.number();
    }

    private static ServiceName name(String text, String what, String expected) {
        try {
            return ServiceName.parse(text);
        } catch (IllegalArgumentException e) {
            throw misused("%s: %s (expected: %s)".formatted(what, text, expected));
        }
    }

    private static CliFailure misused(String what) {
        return new CliFailure(ExitCode.USAGE, what, "Nothing was asked.", "connect-clusters explain --help");
    }
}
