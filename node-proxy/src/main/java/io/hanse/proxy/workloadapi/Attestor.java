/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether a caller is a workload: every selector must hold ({@code uid:}, {@code gid:}, {@code path:}, {@code sha256:}; an
 * unknown kind never holds). Facts beyond the kernel's credentials are read from {@code /proc} and count only if the
 * process is still the one that connected, by its start time: a recycled process id proves nothing.
 */
final class Attestor {

    /** An executable larger than this is not hashed: 512 MiB, above any known runtime. */
    private static final long MAX_EXECUTABLE_BYTES = 512L << 20;

    private static final int ROOT = 0;
    private static final int BUFFER_BYTES = 64 << 10;

    /** Field 22 of {@code /proc/pid/stat} (proc(5)), counted after the command's closing parenthesis. */
    private static final int START_TIME_AFTER_COMMAND = 19;

    /** Executables whose hash is remembered; a node runs few kinds. */
    private static final int MAX_HASHES = 256;

    /** A file as it was when it was hashed. */
    private record Executable(String fileKey, FileTime modified, long size) {}

    private final int ownUid;
    private final ReentrantLock hashing = new ReentrantLock();
    private final Map<Executable, String> hashes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Executable, String> eldest) {
            return size() > MAX_HASHES;
        }
    };

    /** Judges for a proxy that runs as {@code ownUid}. */
    Attestor(int ownUid) {
        this.ownUid = ownUid;
    }

    /** On the workload's own socket: its selectors, or, if it has none, the proxy's own user (or root). */
    boolean mayUseOwnSocket(CallerFacts caller, Workload workload) {
        List<String> selectors = selectors(workload);
        return selectors.isEmpty() ? caller.uid() == ownUid || caller.uid() == ROOT : holds(caller, selectors);
    }

    /** Whether anybody may come near the workload's own socket because its selectors tell them apart. */
    boolean openToAll(Workload workload) {
        return !selectors(workload).isEmpty();
    }

    /** On the node's socket: a workload without selectors is nobody there. */
    boolean isWorkload(CallerFacts caller, Workload workload) {
        List<String> selectors = selectors(workload);
        return !selectors.isEmpty() && holds(caller, selectors);
    }

    private static List<String> selectors(Workload workload) {
        return workload.duties().map(NodeDuties::selectors).orElse(List.of());
    }

    private boolean holds(CallerFacts caller, List<String> selectors) {
        // What costs nothing first: nobody has files read whom the kernel's word alone keeps out.
        List<String> ofProcess =
                selectors.stream().filter(Attestor::isOfProcess).sorted().toList();
        return selectors.stream().filter(s -> !isOfProcess(s)).allMatch(s -> holdsByCredentials(caller, s))
                && (ofProcess.isEmpty()
                        || (isStillTheCaller(caller)
                                && ofProcess.stream().allMatch(s -> holdsByProcess(caller.pid(), s))
                                && isStillTheCaller(caller)));
    }

    private static boolean isOfProcess(String selector) {
        return selector.startsWith("path:") || selector.startsWith("sha256:");
    }

    /** A connection may outlive the process that made it, and its process id may then be somebody else's. */
    private static boolean isStillTheCaller(CallerFacts caller) {
        return caller.startTime().isPresent() && caller.startTime().equals(startTime(caller.pid()));
    }

    private static boolean holdsByCredentials(CallerFacts caller, String selector) {
        return selector.equals("uid:" + caller.uid()) || selector.equals("gid:" + caller.gid());
    }

    private boolean holdsByProcess(int pid, String selector) {
        Path executable = Path.of("/proc", Integer.toString(pid), "exe");
        try {
            if (selector.startsWith("path:")) {
                return Files.readSymbolicLink(executable).toString().equals(selector.substring("path:".length()));
            }
            return selector.startsWith("sha256:")
                    && sha256(executable).equals(Optional.of(selector.substring("sha256:".length())));
        } catch (IOException e) {
            return false; // gone, or not ours to see: no proof either way
        }
    }

    private Optional<String> sha256(Path executable) throws IOException {
        BasicFileAttributes file = Files.readAttributes(executable, BasicFileAttributes.class);
        if (file.size() > MAX_EXECUTABLE_BYTES) {
            return Optional.empty();
        }
        Executable key = new Executable(String.valueOf(file.fileKey()), file.lastModifiedTime(), file.size());
        Optional<String> known = known(key);
        if (known.isPresent()) {
            return known;
        }
        // One at a time: whoever connects decides how much there is to read. What is known does not wait for it.
        hashing.lock();
        try {
            String hash = hash(executable);
            synchronized (hashes) {
                hashes.put(key, hash);
            }
            return Optional.of(hash);
        } finally {
            hashing.unlock();
        }
    }

    private Optional<String> known(Executable key) {
        synchronized (hashes) {
            return Optional.ofNullable(hashes.get(key));
        }
    }

    private static String hash(Path executable) throws IOException {
        try (InputStream in = Files.newInputStream(executable)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }

    /** When the process started, in clock ticks since boot, as text. */
    static Optional<String> startTime(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields.length > START_TIME_AFTER_COMMAND
                    ? Optional.of(fields[START_TIME_AFTER_COMMAND])
                    : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
