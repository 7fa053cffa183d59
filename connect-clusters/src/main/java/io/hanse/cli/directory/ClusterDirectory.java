/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.directory;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * A standalone cluster, as far as its folder tells.
 *
 * @param root the folder of {@code cluster.yaml}, absolute
 * @param name the cluster's name
 * @param trustDomain the trust domain it issues for
 * @param node the name of the node that this machine is
 * @param run where the control sockets are
 * @param state where the processes keep what must survive
 * @param manifests services, workloads and policies
 */
public record ClusterDirectory(
        Path root, ClusterName name, TrustDomain trustDomain, String node, Path run, Path state, Path manifests) {

    /** The one configuration file. */
    public static final String FILE = "cluster.yaml";

    /** What {@code init} calls the only node. */
    public static final String DEFAULT_NODE = "a";

    /** A configuration file is a few kilobytes; more is a mistake. */
    private static final int MAX_CONFIG_BYTES = 1024 * 1024;

    /** As the processes take it; a configuration has three levels. */
    private static final int MAX_DEPTH = 64;

    /** Reads {@code folder/cluster.yaml}. */
    public static ClusterDirectory at(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        Path file = root.resolve(FILE);
        Map<?, ?> yaml = read(file);
        try {
            return new ClusterDirectory(
                    root,
                    new ClusterName(text(file, yaml, "cluster")),
                    TrustDomain.parse(text(file, yaml, "trustDomain")),
                    yaml.get(Role.NODE_PROXY.text()) instanceof Map<?, ?> proxy
                                    && proxy.get("node") instanceof String node
                                    && !node.isEmpty()
                            ? node
                            : DEFAULT_NODE,
                    folder(root, yaml, "runDirectory", "run"),
                    folder(root, yaml, "stateDirectory", "state"),
                    folder(root, yaml, "manifests", "manifests"));
        } catch (IllegalArgumentException e) {
            throw broken(file, String.valueOf(e.getMessage()));
        }
    }

    /** The configuration file. */
    public Path file() {
        return root.resolve(FILE);
    }

    /** Where what a process prints goes. */
    public Path log(Role role) {
        return root.resolve("log").resolve(role.text() + ".log");
    }

    /** What names a role's socket, state and join token: the role, or {@code node-proxy-<node>}. */
    public String instance(Role role) {
        return role == Role.NODE_PROXY ? role.text() + "-" + node : role.text();
    }

    /** The control socket of a role. */
    public Path socket(Role role) {
        return run.resolve(instance(role) + ".sock");
    }

    /** The node proxies' control sockets that exist, by name. */
    public List<Path> nodeSockets() {
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file -> file.getFileName().toString().matches("node-proxy-.+\\.sock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE, "folder %s cannot be listed: %s".formatted(run, e.getMessage()), "", "");
        }
    }

    private static Map<?, ?> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "no cluster here: there is no %s".formatted(file),
                    "Commands work on one cluster: --dir, else HANSE_DIR, else the current folder.",
                    "connect-clusters init <name>, or give --dir <folder of a cluster>");
        }
        try {
            if (Files.size(file) > MAX_CONFIG_BYTES) {
                throw broken(file, "larger than 1 MiB");
            }
            String text = Files.readString(file);
            // The processes take every value as it is written, whatever YAML would make of it: node 010 is no eight.
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setSchema(new FailsafeSchema())
                    .build();
            requireShallow(file, settings, text);
            Object yaml = new Load(settings).loadFromString(text);
            if (yaml instanceof Map<?, ?> map) {
                return map;
            }
            throw broken(file, "not a YAML mapping");
        } catch (IOException e) {
            throw broken(file, "cannot be read: " + e.getMessage());
        } catch (MarkedYamlEngineException e) {
            throw broken(
                    file,
                    "not YAML" + e.getProblemMark().map(ClusterDirectory::place).orElse("") + ": "
                            + String.valueOf(e.getProblem()).strip());
        } catch (YamlEngineException e) {
            throw broken(
                    file, String.valueOf(e.getMessage()).lines().findFirst().orElse("not YAML"));
        }
    }

    /** Loading recurses, parsing does not: what is nested without end is refused here, not by the end of the stack. */
    private static void requireShallow(Path file, LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                throw broken(
                        file,
                        "nested deeper than %d levels%s"
                                .formatted(
                                        MAX_DEPTH,
                                        event.getStartMark()
                                                .map(ClusterDirectory::place)
                                                .orElse("")));
            }
        }
    }

    private static String place(Mark mark) {
        return " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String text(Path file, Map<?, ?> yaml, String key) {
        if (yaml.get(key) instanceof String value && !value.isEmpty()) {
            return value;
        }
        throw broken(file, "the key %s is missing".formatted(key));
    }

    private static Path folder(Path root, Map<?, ?> yaml, String key, String otherwise) {
        return root.resolve(yaml.get(key) instanceof String value && !value.isEmpty() ? value : otherwise)
                .normalize();
    }

    private static CliFailure broken(Path file, String why) {
        return new CliFailure(
                ExitCode.USAGE,
                "%s: %s".formatted(file, why),
                "No command can tell which cluster this is.",
                "correct the file, or make a new cluster: connect-clusters init <name>");
    }
}
