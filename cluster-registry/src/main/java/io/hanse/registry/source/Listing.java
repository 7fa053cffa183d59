/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The manifests below a directory, as one look finds them. A folder that cannot be listed hides its own files only. */
final class Listing {

    /** 10,000 services, each with a few files of its own. */
    private static final int MAX_FILES = 50_000;

    private static final int MAX_DEPTH = 8;

    private final Path directory;
    private final NavigableMap<String, Path> files = new TreeMap<>();
    private final List<String> unlisted = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean missing;

    private Listing(Path directory) {
        this.directory = directory;
    }

    static Listing of(Path directory) {
        Listing listing = new Listing(directory);
        try {
            Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, listing.new Visitor());
        } catch (IOException e) {
            listing.failed(directory, e);
        }
        if (listing.files.size() > MAX_FILES) {
            listing.problem(
                    directory, "more than %d files; those past the last by name are not read".formatted(MAX_FILES));
            listing.files.remove(listing.files.lastKey());
        }
        return listing;
    }

    /** By name below the directory. */
    NavigableMap<String, Path> files() {
        return Collections.unmodifiableNavigableMap(files);
    }

    List<Problem> problems() {
        return problems;
    }

    /** Whether there is no such directory. */
    boolean isMissing() {
        return missing;
    }

    /** Whether every folder was listed. */
    boolean isWhole() {
        return unlisted.isEmpty();
    }

    /** Whether a file of this name may be there without being found. */
    boolean hides(String file) {
        return unlisted.stream().anyMatch(folder -> folder.isEmpty() || file.startsWith(folder + "/"));
    }

    private void failed(Path path, IOException why) {
        boolean top = path.equals(directory);
        if (why instanceof NoSuchFileException) {
            missing |= top;
            if (!top) {
                // Gone since its folder was listed.
                return;
            }
        } else if (why instanceof FileSystemLoopException) {
            problem(path, "leads back to a folder around it and is not followed");
            return;
        } else {
            problem(path, "cannot list the directory: %s; what was read before stays".formatted(why.getMessage()));
        }
        unlisted.add(directory.relativize(path).toString());
    }

    private void problem(Path path, String message) {
        problems.add(Problem.of(new Place(path.toString(), 1), message));
    }

    private final class Visitor extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            String name = String.valueOf(path.getFileName());
            boolean manifest = (name.endsWith(".yaml") || name.endsWith(".yml")) && !name.startsWith(".");
            if (manifest && attributes.isRegularFile()) {
                files.put(directory.relativize(path).toString(), path);
            }
            return files.size() > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException why) {
            failed(path, why);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why) {
            if (why != null) {
                failed(folder, why);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
