/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The state of each file: its last good objects and what is wrong with it now. Confined to the source's scanning lock.
 *
 * <p>A file whose text is refused keeps its last good objects; other files are not touched; a file that is gone takes its
 * objects with it. Of two objects with one key the first by file name and line is kept.
 */
final class ManifestFolder {

    /** Larger than any manifest written by hand; a guard against the wrong file. */
    static final int MAX_FILE_BYTES = 1 << 20;

    /** 10,000 services, each with a few files of its own. */
    private static final int MAX_FILES = 50_000;

    private static final int MAX_DEPTH = 8;

    private final Path directory;
    private final LastGood lastGood;
    private final Map<String, FileState> files = new HashMap<>();

    ManifestFolder(Path directory, LastGood lastGood) {
        this.directory = directory;
        this.lastGood = lastGood;
    }

    /** One file as last read; the text is kept so that an unchanged file is not parsed again. */
    private static final class FileState {

        private final byte[] text;
        private final List<Manifest> good;
        private final List<Problem> problems;

        FileState(byte[] text, List<Manifest> good, List<Problem> problems) {
            this.text = text;
            this.good = good;
            this.problems = problems;
        }
    }

    /** Reads what changed; empty if the directory itself cannot be listed, when all that was known stays. */
    Optional<Manifests> read() {
        NavigableMap<String, Path> present = new TreeMap<>();
        List<Problem> problems = new ArrayList<>();
        if (!list(present, problems)) {
            return files.isEmpty()
                    ? Optional.of(new Manifests(List.of(), problems))
                    : Optional.of(merged(files.keySet(), problems));
        }
        for (String gone : files.keySet().stream()
                .filter(file -> !present.containsKey(file))
                .toList()) {
            files.remove(gone);
            lastGood.forget(gone);
        }
        present.forEach(this::readFile);
        return Optional.of(merged(present.keySet(), problems));
    }

    private boolean list(NavigableMap<String, Path> present, List<Problem> problems) {
        try (Stream<Path> walk = Files.walk(directory, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            walk.filter(ManifestFolder::isManifest)
                    .limit(MAX_FILES + 1L)
                    .forEach(path -> present.put(directory.relativize(path).toString(), path));
        } catch (NoSuchFileException e) {
            problems.add(Problem.notice(
                    new Place(directory.toString(), 1), "no such directory; nothing is served (create it)"));
            return false;
        } catch (IOException | java.io.UncheckedIOException e) {
            problems.add(Problem.of(
                    new Place(directory.toString(), 1),
                    "cannot list the directory: %s; what was read before stays".formatted(e.getMessage())));
            return false;
        }
        if (present.size() > MAX_FILES) {
            problems.add(Problem.of(
                    new Place(directory.toString(), 1),
                    "more than %d files; those past the last by name are not read".formatted(MAX_FILES)));
            present.remove(present.lastKey());
        }
        return true;
    }

    private static boolean isManifest(Path path) {
        String name = String.valueOf(path.getFileName());
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && !name.startsWith(".") && Files.isRegularFile(path);
    }

    private void readFile(String file, Path path) {
        Findings findings = new Findings(file);
        byte[] text = new byte[0];
        try (InputStream in = Files.newInputStream(path)) {
            text = in.readNBytes(MAX_FILE_BYTES + 1);
            if (text.length > MAX_FILE_BYTES) {
                findings.problem(1, "larger than %d bytes (expected: several smaller files)".formatted(MAX_FILE_BYTES));
            }
        } catch (IOException e) {
            findings.problem(1, "cannot be read: %s".formatted(e.getMessage()));
        }
        FileState before = files.get(file);
        if (before != null && !findings.refused() && Arrays.equals(before.text, text)) {
            return;
        }
        List<Manifest> objects = findings.refused() ? List.of() : ManifestReader.read(text, findings);
        if (!findings.refused()) {
            files.put(file, new FileState(text, objects, findings.all()));
            lastGood.keep(file, text);
        } else {
            List<Manifest> kept = before != null ? before.good : recalled(file);
            files.put(file, new FileState(text, kept, findings.all()));
        }
    }

    private List<Manifest> recalled(String file) {
        return lastGood.find(file)
                .map(text -> ManifestReader.read(text, new Findings(file)))
                .orElse(List.of());
    }

    private Manifests merged(Collection<String> names, List<Problem> problems) {
        NavigableMap<Manifest.Key, Manifest> kept = new TreeMap<>();
        List<String> sorted = new ArrayList<>(names);
        Collections.sort(sorted);
        for (String name : sorted) {
            FileState state = files.get(name);
            if (state == null) {
                continue;
            }
            problems.addAll(state.problems);
            for (Manifest object : state.good) {
                Manifest first = kept.putIfAbsent(object.key(), object);
                if (first != null) {
                    problems.add(Problem.of(
                            object.place(),
                            "%s is declared already at %s; the first is kept".formatted(object.key(), first.place())));
                }
            }
        }
        Collections.sort(problems);
        return new Manifests(
                kept.values().stream()
                        .sorted(java.util.Comparator.comparing(Manifest::place))
                        .toList(),
                problems);
    }
}
