/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Durable state that cannot be read or written: which path, what failed, and what the operator does next. */
public final class StateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Path path;
    private final String next;

    StateException(String problem, Path path, String next) {
        super(path + ": " + problem);
        this.path = path;
        this.next = next;
    }

    private StateException(String problem, Path path, String next, Throwable cause) {
        super(path + ": " + problem, cause);
        this.path = path;
        this.next = next;
    }

    /** Explains what the file system answered. */
    static StateException of(String act, Path path, IOException cause) {
        String reason = reason(cause);
        String low = reason.toLowerCase(Locale.ROOT);
        String next;
        if (low.contains("no space left") || low.contains("quota")) {
            next = "free space on the file system of %s, then try again".formatted(path);
        } else if (low.contains("file too large")) {
            next = "raise this user's file size limit (ulimit -f), then try again";
        } else if (low.contains("read-only file system")) {
            next = "mount the file system of %s writable, or set another stateDirectory".formatted(path);
        } else if (cause instanceof AccessDeniedException || low.contains("permitted")) {
            next = "let user %s write there: ls -ld %s".formatted(System.getProperty("user.name"), path.getParent());
        } else {
            next = "look at the path and its directory: ls -ld %s".formatted(path.getParent());
        }
        return new StateException("cannot %s: %s".formatted(act, reason), path, next, cause);
    }

    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
        if (reason != null && !reason.isBlank()) {
            return reason;
        }
        return switch (cause) {
            case AccessDeniedException e -> "permission denied";
            case NoSuchFileException e -> "no such file or directory";
            case FileAlreadyExistsException e -> "a file is in the way";
            default -> cause.getClass().getSimpleName();
        };
    }

    /** The file or directory it is about. */
    public Path path() {
        return path;
    }

    /** What the operator can do, as a sentence or a command. */
    public String next() {
        return next;
    }
}
