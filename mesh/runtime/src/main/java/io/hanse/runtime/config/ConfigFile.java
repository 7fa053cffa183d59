/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The one configuration file of a cluster, opened for reading. Used on one thread. */
public final class ConfigFile {

    private final Section root;

    private ConfigFile(Section root) {
        this.root = root;
    }

    /**
     * Reads a file of exactly one YAML document whose top is a group of keys.
     *
     * @throws ConfigException if there is no such file, it cannot be read, or it is not YAML
     */
    public static ConfigFile read(Path path) {
        Path file = path.toAbsolutePath().normalize();
        try {
            return of(file, YamlReader.readAll(file));
        } catch (NoSuchFileException e) {
            throw problem(file.toString(), "there is no such file", "make a cluster first: connect-clusters init");
        } catch (IOException e) {
            throw problem(file.toString(), "the file cannot be read: " + e, "check that this user may read " + file);
        } catch (MalformedYaml e) {
            throw problem(e.mark().toString(), e.problem(), "correct %s and start again".formatted(file));
        }
    }

    /** The top of the file. */
    public Section root() {
        return root;
    }

    private static ConfigFile of(Path file, List<YamlNode> documents) {
        YamlNode.Mark start = new YamlNode.Mark(file.toString(), 1, 1);
        if (documents.size() > 1) {
            throw problem(
                    documents.get(1).mark().toString(),
                    "a second YAML document (expected: one)",
                    "move it to a file of its own, or remove the line ---");
        }
        YamlNode top = documents.isEmpty() ? YamlNode.nothingAt(start) : documents.getFirst();
        if (!(top instanceof YamlNode.Mapping mapping)) {
            throw problem(
                    top.mark().toString(),
                    "the file holds %s (expected: keys such as cluster:)".formatted(top.kind()),
                    "write a cluster.yaml with: connect-clusters init");
        }
        return new ConfigFile(Section.top(mapping, new Problems(file)));
    }

    private static ConfigException problem(String where, String what, String next) {
        return new ConfigException(List.of(new ConfigException.Problem(where, what, "")), next);
    }
}
