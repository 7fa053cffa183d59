/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.cli.show.Screen;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a standalone cluster's folder: cluster.yaml and manifests/.",
            "On one machine each cluster gets addresses of its own from 127.0.0.0/8, so several can run beside each other."
        },
        footer = {"", "Example: connect-clusters init lubeck --trust-domain lubeck.example"})
final class InitCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final DryRunOption dryRun = new DryRunOption();

    @Parameters(index = "0", paramLabel = "<name>", description = "The cluster's name, a lower-case label.")
    private String name = "";

    @Option(
            names = "--trust-domain",
            paramLabel = "<name>",
            description = "What its identities begin with, for good. Default: <name>.internal")
    private String trustDomain = "";

    @Option(names = "--dir", paramLabel = "<folder>", description = "Where to make it. Default: a new folder <name>.")
    private String dir = "";

    @Option(
            names = "--address",
            paramLabel = "<ip>",
            description = "One address of this machine for control plane, gateway and node, so that other machines can"
                    + " reach them. Default: a free range of 127.0.0.0/8.")
    private String address = "";

    InitCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        NewCluster plan = plan();
        Screen screen = surroundings.screen();
        plan.check();
        if (dryRun.on()) {
            plan.files().reversed().forEach((file, text) -> {
                screen.line("would write %s:".formatted(plan.root().resolve(file)));
                screen.line("");
                text.indent(4).lines().forEach(screen::line);
                screen.line("");
            });
            return ExitCode.FINE.number();
        }
        plan.make();
        screen.line("%s (%s) is made in %s".formatted(plan.name(), plan.trustDomain(), plan.root()));
        screen.line("  cluster.yaml             control plane %s, gateway %s:15008, node %s"
                .formatted(plan.controlPlane(), plan.gateway(), plan.node()));
        screen.line("  manifests/example.yaml   services and workloads go here");
        screen.line("Next: connect-clusters run --dir %s      Undo: rm -r %s".formatted(plan.root(), plan.root()));
        return ExitCode.FINE.number();
    }

    private NewCluster plan() {
        try {
            ClusterName cluster = new ClusterName(name);
            TrustDomain domain = TrustDomain.parse(trustDomain.isEmpty() ? name + ".internal" : trustDomain);
            Path root = surroundings
                    .folder()
                    .resolve(Path.of(dir.isEmpty() ? name : dir))
                    .toAbsolutePath()
                    .normalize();
            if (address.isEmpty()) {
                return NewCluster.onLoopback(
                        root, cluster, domain, Loopback.free(root.toString()), NewCluster.USUAL_REFRESH);
            }
            String own = usable(address);
            return new NewCluster(root, cluster, domain, own, own, own, NewCluster.USUAL_REFRESH);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    String.valueOf(e.getMessage()),
                    "Nothing was made.",
                    "connect-clusters init --help");
        }
    }

    /** An address that peers and other machines can be told, written the one way in which every reader takes it. */
    private static String usable(String address) {
        InetAddress literal = InetAddress.ofLiteral(address);
        if (!(literal instanceof Inet4Address)
                || !literal.getHostAddress().equals(address)
                || literal.isAnyLocalAddress()
                || literal.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "address: %s (expected: an IPv4 address of this machine that others can reach)".formatted(address));
        }
        return address;
    }
}
