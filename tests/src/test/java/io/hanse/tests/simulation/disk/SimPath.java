/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path by its text; no dots, no links. */
final class SimPath implements Path {

    private final SimFileSystem fileSystem;
    private final String text;

    SimPath(SimFileSystem fileSystem, String text) {
        this.fileSystem = fileSystem;
        this.text = text;
    }

    static String text(Path path) {
        return path.toString();
    }

    private SimPath of(String other) {
        return new SimPath(fileSystem, other);
    }

    private String[] names() {
        return text.equals("/") ? new String[0] : (isAbsolute() ? text.substring(1) : text).split("/");
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute() ? of("/") : null;
    }

    @Override
    public @Nullable Path getFileName() {
        String[] names = names();
        return names.length == 0 ? null : of(names[names.length - 1]);
    }

    @Override
    public @Nullable Path getParent() {
        return text.equals("/") || !text.contains("/") ? null : of(SimDisk.parent(text));
    }

    @Override
    public int getNameCount() {
        return names().length;
    }

    @Override
    public Path getName(int index) {
        return of(names()[index]);
    }

    @Override
    public Path subpath(int begin, int end) {
        return of(String.join("/", java.util.List.of(names()).subList(begin, end)));
    }

    @Override
    public boolean startsWith(Path other) {
        return (text + "/").startsWith(other + "/");
    }

    @Override
    public boolean endsWith(Path other) {
        return ("/" + text).endsWith("/" + other);
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        if (other.isAbsolute() || text.isEmpty()) {
            return other;
        }
        return of(text.equals("/") ? "/" + other : text + "/" + other);
    }

    @Override
    public Path relativize(Path other) {
        return of(other.toString().substring(text.equals("/") ? 1 : text.length() + 1));
    }

    @Override
    public URI toUri() {
        return URI.create("sim:" + text);
    }

    @Override
    public Path toAbsolutePath() {
        return isAbsolute() ? this : of("/" + text);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimPath path && path.fileSystem == fileSystem && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
