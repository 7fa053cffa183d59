/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process of this machine made a connection (proc(5): net/tcp, net/tcp6, pid/fd). */
final class Dialler {

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private Dialler() {}

    /** The process at the other end of an accepted connection; 0 if it cannot be told. */
    static long of(Socket accepted) {
        try {
            Optional<String> inode = inode(
                    hex(accepted.getInetAddress(), accepted.getPort()),
                    hex(accepted.getLocalAddress(), accepted.getLocalPort()));
            return inode.isEmpty() ? 0 : holder("socket:[" + inode.get() + "]");
        } catch (IOException e) {
            return 0;
        }
    }

    private static Optional<String> inode(String local, String remote) throws IOException {
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                Optional<String> found = lines.map(line -> line.strip().split("\\s+", -1))
                        // An IPv4 address in the IPv6 table ends like the one in the IPv4 table.
                        .filter(row -> row.length > INODE && row[LOCAL].endsWith(local) && row[REMOTE].endsWith(remote))
                        .map(row -> row[INODE])
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static String hex(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        return String.format(Locale.ROOT, "%02X%02X%02X%02X:%04X", bytes[3], bytes[2], bytes[1], bytes[0], port);
    }

    private static long holder(String socket) {
        return ProcessHandle.current()
                .children()
                .mapToLong(ProcessHandle::pid)
                .filter(pid -> holds(pid, socket))
                .findFirst()
                .orElse(0);
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> leadsTo(file, socket));
        } catch (IOException e) {
            return false; // it has ended meanwhile
        }
    }

    private static boolean leadsTo(Path file, String socket) {
        try {
            return Files.readSymbolicLink(file).toString().equals(socket);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
