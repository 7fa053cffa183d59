/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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

/**
 * The state of each file: its last good objects and what is wrong with it now. Confined to the source's scanning lock.
 *
 * <p>A file whose text is refused keeps its last good objects; other files are not touched; a file that is gone takes its
 * objects with it, an emptied one does not: it is about to be written again, or its end was not meant. A change is read
 * once two looks found the file the same, so that none is read half. Of two objects with one key the first by file name
 * and line is kept.
 */
final class ManifestFolder {

    /** Larger than any manifest written by hand; a guard against the wrong file. */
    static final int MAX_FILE_BYTES = 1 << 20;

    private final Path directory;
    private final LastGood lastGood;
    private final Map<String, FileState> files = new HashMap<>();
    private final Map<String, Stamp> seen = new HashMap<>();
    private boolean looked;
    private boolean lookedEverywhere;
    private boolean unsettled;

    ManifestFolder(Path directory, LastGood lastGood) {
        this.directory = directory;
        this.lastGood = lastGood;
    }

    /** One file as last read; the text, if it could be read, is kept so that an unchanged file is not parsed again. */
    private static final class FileState {

        private final Optional<byte[]> text;
        private final List<Manifest> good;
        private final List<Problem> problems;

        FileState(Optional<byte[]> text, List<Manifest> good, List<Problem> problems) {
            this.text = text;
            this.good = good;
            this.problems = problems;
        }
    }

    /** What tells one content of a file from another without reading it. */
    private record Stamp(FileTime written, long bytes) {

        static Stamp of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size());
        }
    }

    /** Reads what changed. Of what cannot be listed all that was known stays, over a restart, too. */
    Manifests read() {
        Listing listing = Listing.of(directory);
        unsettled = false;
        if (!looked && !listing.isWhole()) {
            lastGood.all().forEach((file, text) -> {
                if (listing.hides(file)) {
                    files.put(file, copy(file, text));
                }
            });
        }
        for (String gone : files.keySet().stream()
                .filter(file -> !listing.files().containsKey(file) && !listing.hides(file))
                .toList()) {
            files.remove(gone);
            lastGood.forget(gone);
        }
        if (!lookedEverywhere && listing.isWhole()) {
            // What was deleted while nobody looked must not come back with a later file of its name.
            lastGood.forgetAllBut(listing.files().keySet());
            lookedEverywhere = true;
        }
        seen.keySet().retainAll(listing.files().keySet());
        listing.files().forEach(this::readFile);
        looked = true;
        List<Problem> problems = new ArrayList<>(listing.problems());
        if (listing.isMissing()) {
            problems.add(Problem.notice(
                    new Place(directory.toString(), 1),
                    files.isEmpty()
                            ? "no such directory; nothing is served (create it)"
                            : "no such directory; what was read before stays (create it)"));
        }
        return merged(files.keySet(), problems);
    }

    /** Whether a change was found that is not read yet: look again after a moment. */
    boolean isUnsettled() {
        return unsettled;
    }

    private void readFile(String file, Path path) {
        Findings findings = new Findings(file);
        Optional<byte[]> text = Optional.empty();
        try {
            Stamp stamp = Stamp.of(path);
            Stamp before = seen.put(file, stamp);
            // The first look has nothing to go by but what it finds.
            if (looked && !stamp.equals(before)) {
                unsettled = true;
                return;
            }
            byte[] read = bytes(path);
            if (!stamp.equals(Stamp.of(path))) {
                unsettled = true;
                if (!files.containsKey(file)) {
                    lastGood.find(file).ifPresent(kept -> files.put(file, copy(file, kept)));
                }
                return;
            }
            if (read.length > MAX_FILE_BYTES) {
                findings.problem(1, "larger than %d bytes (expected: several smaller files)".formatted(MAX_FILE_BYTES));
            }
            text = Optional.of(read);
        } catch (IOException e) {
            findings.problem(1, "cannot be read: %s".formatted(e.getMessage()));
        }
        take(file, text, findings);
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MAX_FILE_BYTES + 1);
        }
    }

    private void take(String file, Optional<byte[]> text, Findings findings) {
        Optional<FileState> before = Optional.ofNullable(files.get(file));
        if (text.isPresent()
                && before.flatMap(state -> state.text)
                        .filter(same -> Arrays.equals(same, text.get()))
                        .isPresent()) {
            return;
        }
        List<Manifest> objects =
                text.isEmpty() || findings.refused() ? List.of() : ManifestReader.read(text.get(), findings);
        // Every document makes an object or is remarked upon.
        boolean empty = objects.isEmpty() && findings.count() == 0;
        if (text.isPresent() && !findings.refused() && !empty) {
            files.put(file, new FileState(text, objects, findings.all()));
            lastGood.keep(file, text.get());
            return;
        }
        List<Manifest> kept = before.or(() -> lastGood.find(file).map(copy -> copy(file, copy)))
                .map(state -> state.good)
                .orElse(List.of());
        if (empty && !kept.isEmpty()) {
            findings.problem(1, "empty; what it declared before stays (delete the file to remove that)");
        }
        files.put(file, new FileState(text, kept, findings.all()));
    }

    /** Of a text that was good. */
    private static FileState copy(String file, byte[] text) {
        return new FileState(Optional.of(text), ManifestReader.read(text, new Findings(file)), List.of());
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
