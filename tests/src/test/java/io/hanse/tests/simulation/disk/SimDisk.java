/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What is on the disk, and what only seems to be. */
public final class SimDisk {

    /** Looks at each step before it happens; may throw what the disk or fate has to say. */
    @FunctionalInterface
    public interface Fate {

        /** About to do {@code step} to {@code path}. */
        void before(Step step, String path) throws IOException;
    }

    /** What changes a disk. */
    public enum Step {
        CREATE,
        WRITE,
        SYNC,
        RENAME,
        DELETE
    }

    /** A file's bytes now, and those that would survive. */
    static final class Content {
        byte[] now = new byte[0];
        byte[] synced = new byte[0];
    }

    private final RandomGenerator random;
    private final SimFileSystem fileSystem = new SimFileSystem(this);
    private final Set<String> directories = new HashSet<>(Set.of("/"));
    private NavigableMap<String, Content> files = new TreeMap<>();
    private NavigableMap<String, Content> entries = new TreeMap<>();
    private Fate fate = (step, path) -> {};
    private final Map<String, NavigableMap<String, Content>> heldBack = new HashMap<>();
    private boolean honest = true;
    private boolean tears;

    /** An empty disk; {@code random} decides what of unsynced work a power cut leaves. */
    public SimDisk(RandomGenerator random) {
        this.random = random;
    }

    /** The folder of everything. */
    public Path root() {
        return new SimPath(fileSystem, "/");
    }

    public void fate(Fate next) {
        fate = next;
    }

    /** From now on each sync of a directory makes only the one before it last: for a test of the tests. */
    public void lie() {
        honest = false;
    }

    /** From now on a power cut leaves the first half of every file: for a test of the tests. */
    public void tear() {
        tears = true;
    }

    /** Everything that was not synced may be gone: names fall back by directory, bytes to what was forced. */
    public void cutPower() {
        NavigableMap<String, Content> left = new TreeMap<>(entries);
        Set<String> lucky = new HashSet<>();
        for (String directory : List.copyOf(directories)) {
            if (random.nextBoolean() && honest) {
                lucky.add(directory);
            }
        }
        left.keySet().removeIf(name -> lucky.contains(parent(name)));
        files.forEach((name, content) -> {
            if (lucky.contains(parent(name))) {
                left.put(name, content);
            }
        });
        left.values().forEach(this::fallBack);
        files = left;
        entries = new TreeMap<>(left);
        heldBack.clear();
    }

    /** An append that was under way may be there in part. */
    private void fallBack(Content content) {
        boolean grew = content.now.length > content.synced.length
                && Arrays.equals(content.now, 0, content.synced.length, content.synced, 0, content.synced.length);
        int more = grew ? random.nextInt(content.now.length - content.synced.length + 1) : 0;
        content.now = grew ? Arrays.copyOf(content.now, content.synced.length + more) : content.synced.clone();
        if (tears) {
            content.now = Arrays.copyOf(content.now, content.now.length / 2);
        }
        content.synced = content.now.clone();
    }

    Content open(String path, boolean create, boolean fresh) throws IOException {
        Content held = files.get(path);
        if (held != null) {
            if (fresh) {
                throw new FileAlreadyExistsException(path);
            }
            return held;
        }
        if (!create && !fresh) {
            throw new NoSuchFileException(path);
        }
        if (!directories.contains(parent(path))) {
            throw new NoSuchFileException(path);
        }
        fate.before(Step.CREATE, path);
        Content made = new Content();
        files.put(path, made);
        return made;
    }

    void write(String path, Content content, byte[] next) throws IOException {
        fate.before(Step.WRITE, path);
        content.now = next;
    }

    void sync(String path, Content content) throws IOException {
        fate.before(Step.SYNC, path);
        content.synced = content.now.clone();
    }

    void syncDirectory(String path) throws IOException {
        fate.before(Step.SYNC, path);
        NavigableMap<String, Content> here = new TreeMap<>(files);
        here.keySet().removeIf(name -> !parent(name).equals(path));
        NavigableMap<String, Content> before = heldBack.put(path, here);
        entries.keySet().removeIf(name -> parent(name).equals(path));
        if (honest) {
            entries.putAll(here);
        } else if (before != null) {
            entries.putAll(before);
        }
    }

    void rename(String from, String to) throws IOException {
        Content content = files.get(from);
        if (content == null) {
            throw new NoSuchFileException(from);
        }
        fate.before(Step.RENAME, to);
        files.remove(from);
        files.put(to, content);
    }

    void delete(String path) throws IOException {
        if (!files.containsKey(path)) {
            throw new NoSuchFileException(path);
        }
        fate.before(Step.DELETE, path);
        files.remove(path);
    }

    /** Directories are simply there once made: the product makes them once and never moves them. */
    void makeDirectory(String path) throws IOException {
        if (files.containsKey(path) || !directories.add(path)) {
            throw new FileAlreadyExistsException(path);
        }
    }

    boolean isDirectory(String path) {
        return directories.contains(path);
    }

    boolean isFile(String path) {
        return files.containsKey(path);
    }

    int sizeOf(String path) {
        Content content = files.get(path);
        return content == null ? 0 : content.now.length;
    }

    List<String> in(String directory) {
        List<String> found = new ArrayList<>();
        for (String name : files.keySet()) {
            if (parent(name).equals(directory)) {
                found.add(name);
            }
        }
        return found;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
