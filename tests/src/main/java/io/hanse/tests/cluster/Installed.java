/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.cli.run.Child;
import io.hanse.cli.run.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The installed product, as a person has it: a lib folder and a command. */
public final class Installed {

    /** A demo takes one minute; three times that on a machine that does other work too. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private Installed() {}

    /** How a command ended, and all it printed. */
    public record Ended(int status, String output) {}

    /** Starts {@code connect-clusters} with these arguments; what it prints goes to a file. */
    public static Child start(Path output, String... arguments) {
        return start(output, List.of(), arguments);
    }

    /** The same with further flags for the command's JVM. */
    public static Child start(Path output, List<String> flags, String... arguments) {
        return start(output, Map.of(), flags, arguments);
    }

    /** The same with environment variables beside our own. */
    public static Child start(Path output, Map<String, String> environment, String... arguments) {
        return start(output, environment, List.of(), arguments);
    }

    private static Child start(Path output, Map<String, String> environment, List<String> flags, String... arguments) {
        Installation product = product();
        List<String> command = new ArrayList<>();
        if (!environment.isEmpty()) {
            command.add("env");
            environment.forEach((name, value) -> command.add(name + "=" + value));
        }
        command.addAll(List.of(product.java().toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-Dhanse.lib=" + product.lib(), "-cp", product.lib() + "/*", "io.hanse.cli.Main"));
        command.addAll(List.of(arguments));
        return Child.start("connect-clusters " + List.of(arguments), command, Path.of("/"), output.toAbsolutePath());
    }

    /** Runs a command to its end. */
    public static Ended run(Path output, String... arguments) throws IOException {
        return run(output, Map.of(), arguments);
    }

    /** Runs a command to its end with these environment variables beside our own. */
    public static Ended run(Path output, Map<String, String> environment, String... arguments) throws IOException {
        Files.deleteIfExists(output);
        Child command = start(output, environment, arguments);
        if (!command.awaitEnd(PATIENCE)) {
            throw new AssertionError("%s does not end; it printed: %s".formatted(command.name(), command.lastLines()));
        }
        return new Ended(command.exitValue(), Files.readString(output));
    }

    /** Starts a program of this class path; what it prints goes to a file. */
    public static Child java(Path output, List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(product().java().toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return Child.start(main.getSimpleName(), command, Path.of("/"), output.toAbsolutePath());
    }

    /** The product of this checkout, or where {@code -Dhanse.lib} says. */
    public static Installation product() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String named = System.getProperty("hanse.lib", "");
        if (!named.isEmpty()) {
            return new Installation(Path.of(named), java);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path lib = folder.resolve("deploy/distribution/target/hanse/lib");
            if (Files.isDirectory(lib)) {
                return new Installation(lib, java);
            }
        }
        throw new IllegalStateException(
                "the product is not built: mvn -B -ntp -DskipTests -pl deploy/distribution -am package");
    }
}
