/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last text of each manifest file that was read without a problem, and the file's name. Without it, a restart between a
 * mistake and its repair would drop the file's objects, its policies too, and so would one while the folder is away.
 */
final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private static final String SUFFIX = ".yaml";

    /** The first line of a copy: a comment that names the file. */
    private static final String NAME_PREFIX = "# ";

    /** Linux' longest path, and the comment around it. */
    private static final int MAX_NAME_BYTES = 4096 + NAME_PREFIX.length() + 1;

    private final Path directory;

    LastGood(Path directory) {
        this.directory = directory;
    }

    void keep(String file, byte[] text) {
        byte[] name = header(file);
        byte[] copy = Arrays.copyOf(name, name.length + text.length);
        System.arraycopy(text, 0, copy, name.length, text.length);
        try {
            DurableFile.write(path(file), copy);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot keep the last good manifest; a restart would not find it");
        }
    }

    Optional<byte[]> find(String file) {
        byte[] name = header(file);
        return read(path(file))
                .filter(copy -> Arrays.mismatch(copy, name) == name.length || Arrays.equals(copy, name))
                .map(copy -> Arrays.copyOfRange(copy, name.length, copy.length));
    }

    /** Every copy, by the name of its file. */
    Map<String, byte[]> all() {
        Map<String, byte[]> all = new TreeMap<>();
        for (Path path : paths()) {
            read(path).flatMap(LastGood::nameIn).ifPresent(file -> find(file).ifPresent(text -> all.put(file, text)));
        }
        return all;
    }

    void forgetAllBut(Set<String> files) {
        Set<Path> wanted = files.stream().map(this::path).collect(Collectors.toSet());
        paths().stream().filter(path -> !wanted.contains(path)).forEach(this::delete);
    }

    private List<Path> paths() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(path -> path.toString().endsWith(SUFFIX)).toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("cannot list the last good manifests");
            return List.of();
        }
    }

    private static Optional<byte[]> read(Path path) {
        try {
            return DurableFile.readIfPresent(path, MAX_NAME_BYTES + ManifestFolder.MAX_FILE_BYTES);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot read the last good manifest");
            return Optional.empty();
        }
    }

    private static Optional<String> nameIn(byte[] copy) {
        return new String(copy, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .filter(line -> line.startsWith(NAME_PREFIX))
                .map(line -> line.substring(NAME_PREFIX.length()));
    }

    private static byte[] header(String file) {
        return (NAME_PREFIX + file + "\n").getBytes(StandardCharsets.UTF_8);
    }

    void forget(String file) {
        delete(path(file));
    }

    private void delete(Path path) {
        try {
            DurableFile.delete(path);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot remove the last good manifest");
        }
    }

    /** A file's path may hold what a file name may not. */
    private Path path(String file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(hash, 0, 16) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
