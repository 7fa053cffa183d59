/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the product is installed: the folder of its jars and the Java to run it with.
 *
 * @param lib the folder of all jars, {@code lib/} of the distribution
 * @param java the Java launcher of the JDK this command runs on
 */
public record Installation(Path lib, Path java) {

    /** Set by bin/connect-clusters. */
    static final String LIB_PROPERTY = "hanse.lib";

    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** This process's own. */
    public static Installation ofThisProcess() {
        String lib = System.getProperty(LIB_PROPERTY, "");
        if (lib.isEmpty() || !Files.isDirectory(Path.of(lib))) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "the folder of the product's jars is not known (system property %s: %s)"
                            .formatted(LIB_PROPERTY, lib.isEmpty() ? "not set" : lib),
                    "Processes cannot be started without it.",
                    "start this command by bin/connect-clusters");
        }
        return new Installation(Path.of(lib), Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    /** The command line of a role; nothing secret is in it. */
    public List<String> command(Role role, ClusterDirectory directory) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(FLAGS);
        command.addAll(memory(role));
        command.add("-cp");
        command.add(lib + File.separator + "*");
        command.add(role.mainClass());
        command.add("--config");
        command.add(directory.file().toString());
        command.add("--exit-with-parent");
        return command;
    }

    /** The command line of a small application of our own, with the class path of this command. */
    public List<String> application(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static List<String> memory(Role role) {
        return switch (role) {
            case CONTROL_PLANE, SPIFFE_CA, TRUST_BUNDLE_EXCHANGE, CLUSTER_REGISTRY ->
                // Nothing in it is hot; the quick compiler alone halves the work of a start on two cores.
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");
            case EAST_WEST_GATEWAY, NODE_PROXY -> List.of("-Xmx96m", "-XX:MaxDirectMemorySize=256m");
        };
    }
}
