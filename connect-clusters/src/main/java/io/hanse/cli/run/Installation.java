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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the product is installed: the folder of its jars and the Java to run it with.
 *
 * @param lib the folder of all jars, {@code lib/} of the distribution
 * @param java the Java launcher of the JDK this command runs on
 * @param options flags for each JVM of a cluster beside our own, which they override
 * @param rehearsal whether the JVMs make their start caches instead of using them
 */
public record Installation(Path lib, Path java, List<String> options, boolean rehearsal) {

    /** Set by bin/connect-clusters. */
    static final String LIB_PROPERTY = "hanse.lib";

    /** Flags for every JVM of a cluster, separated by spaces: for measuring, and for looking into one. */
    public static final String OPTIONS_VARIABLE = "HANSE_JVM_OPTIONS";

    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            // Archived classes are mapped at the address they were archived for, unchanged and shared by all processes;
            // the JVM's default is to move them, which makes them each process's own.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // Nobody records flights here; Netty's events would load Java Flight Recorder into every process.
            "-Dio.netty.jfr.enabled=false",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Every ten seconds what native code has freed goes back to the kernel; the compilers leave tens of megabytes. */
    private static final String GIVE_BACK = "-XX:TrimNativeHeapInterval=10000";

    public Installation {
        options = List.copyOf(options);
    }

    /** One that runs and adds no flags. */
    public Installation(Path lib, Path java) {
        this(lib, java, List.of(), false);
    }

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
        return new Installation(
                Path.of(lib), Path.of(System.getProperty("java.home"), "bin", "java"), options(System.getenv()), false);
    }

    private static List<String> options(Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault(OPTIONS_VARIABLE, "").split("\\s+", -1))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /** The same, for a run whose JVMs make their start caches. */
    public Installation rehearsing() {
        return new Installation(lib, java, options, true);
    }

    /** What the JVMs know from a rehearsal. */
    public StartCaches startCaches() {
        return new StartCaches(lib);
    }

    /** The command line of a role; nothing secret is in it. */
    public List<String> command(Role role, ClusterDirectory directory) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(FLAGS);
        command.addAll(memory(role));
        startCache(role).ifPresent(command::add);
        command.addAll(options);
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

    private Optional<String> startCache(Role role) {
        if (rehearsal) {
            return StartCaches.ROLES.contains(role) ? Optional.of(startCaches().make(role)) : Optional.empty();
        }
        return startCaches().use(role);
    }

    private static List<String> memory(Role role) {
        return switch (role) {
            case CONTROL_PLANE, SPIFFE_CA, TRUST_BUNDLE_EXCHANGE, CLUSTER_REGISTRY ->
                // Nothing in it is hot; the quick compiler alone halves the work of a start on two cores.
                List.of("-Xms64m", "-Xmn32m", "-Xmx256m", "-XX:TieredStopAtLevel=1", GIVE_BACK);
            case EAST_WEST_GATEWAY, NODE_PROXY ->
                // The young generation is touched as a whole before it is collected first, so it is small.
                List.of("-Xms32m", "-Xmn16m", "-Xmx96m", "-XX:MaxDirectMemorySize=256m", GIVE_BACK);
        };
    }
}
