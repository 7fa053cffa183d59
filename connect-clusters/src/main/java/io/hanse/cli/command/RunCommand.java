/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Child;
import io.hanse.cli.run.ClusterRun;
import io.hanse.cli.run.Installation;
import io.hanse.cli.show.ProcessTable;
import io.hanse.cli.show.Screen;
import io.hanse.cli.show.Times;
import io.hanse.cli.time.Pace;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a cluster's processes until Ctrl-C: all of them, or one role.",
            "A process that ends is reported and not started again; when this command ends, they all end."
        },
        footer = {"", "Example: connect-clusters run --dir lubeck"})
final class RunCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<role>",
            description = "control-plane, spiffe-ca, trust-bundle-exchange, cluster-registry, east-west-gateway or"
                    + " node-proxy. Default: control-plane, east-west-gateway and node-proxy.")
    private String role = "";

    RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ClusterControl control = cluster.control(surroundings);
        Screen screen = surroundings.screen();
        Pace.Stopwatch watch = surroundings.pace().start();
        ClusterRun.requireNoneRuns(control, role.isEmpty() ? ClusterRun.WHOLE : List.of(wanted()));
        ClusterRun run = new ClusterRun(control, Installation.ofThisProcess(), surroundings.pace());
        Pace.atExit(() -> {
            screen.end(
                    "Ending the processes of %s.".formatted(control.directory().name()));
            run.close();
        });
        if (role.isEmpty()) {
            run.launchAll();
            run.awaitReady();
        } else {
            launchOne(run, wanted());
        }
        screen.line("%s (%s) runs, %s after the start. Output: %s"
                .formatted(
                        control.directory().name(),
                        control.directory().trustDomain(),
                        Times.took(watch.elapsed()),
                        control.directory().root().resolve("log")));
        screen.table(ProcessTable.of(run.processes()));
        screen.note("Ctrl-C ends all of it. In another terminal: connect-clusters status --dir "
                + control.directory().root());
        return reportEnds(run);
    }

    private void launchOne(ClusterRun run, Role wanted) {
        run.launch(wanted);
        switch (wanted) {
            case CONTROL_PLANE -> run.awaitReady();
            case SPIFFE_CA -> run.awaitReady(wanted);
            case TRUST_BUNDLE_EXCHANGE, CLUSTER_REGISTRY, EAST_WEST_GATEWAY, NODE_PROXY -> {
                run.giveTokens(List.of(wanted));
                run.awaitReady(wanted);
            }
        }
    }

    private Role wanted() {
        return Role.of(role)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.USAGE,
                        "role: %s (expected one of: %s)"
                                .formatted(
                                        role,
                                        Arrays.stream(Role.values())
                                                .map(Role::text)
                                                .collect(Collectors.joining(", "))),
                        "Nothing was started.",
                        "connect-clusters run --help"));
    }

    private int reportEnds(ClusterRun run) {
        List<CompletableFuture<Void>> ends = run.all().stream()
                .map(child -> child.onExit().thenAccept(ended -> {
                    if (!run.ending()) {
                        surroundings.screen().failure(unasked(ended));
                    }
                }))
                .toList();
        surroundings.pace().await(CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0])));
        return ExitCode.PROBLEM.number();
    }

    private static CliFailure unasked(Child ended) {
        return new CliFailure(
                ExitCode.PROBLEM,
                "%s (pid %d) ended with status %d; it is not started again"
                        .formatted(ended.name(), ended.pid(), ended.exitValue()),
                "What else runs keeps serving what it knows.",
                "see %s, then end this with Ctrl-C and run it again".formatted(ended.log()));
    }
}
