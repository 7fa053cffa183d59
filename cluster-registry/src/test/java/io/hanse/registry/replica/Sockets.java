/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.replica;

import io.hanse.model.cluster.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where this process listens, as the kernel says it. */
final class Sockets {

    private Sockets() {}

    /** Local addresses (hex, as the kernel writes them) of this process's listening TCP sockets, with ports. */
    static Set<String> listening() throws IOException {
        Set<String> sockets = new HashSet<>();
        Set<String> ours = ours();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                List<String> columns = List.of(line.strip().split("\\s+"));
                if (columns.size() > 9 && columns.get(3).equals("0A") && ours.contains(columns.get(9))) {
                    sockets.add(columns.get(1));
                }
            }
        }
        return sockets;
    }

    /** Inodes of the sockets of this process: other tests of this machine listen too. */
    private static Set<String> ours() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed since it was listed; it listens no more.
            return "";
        }
    }

    static boolean isLoopback(String socket) {
        return socket.matches("[0-9A-F]{6}7F:[0-9A-F]{4}")
                || socket.startsWith("0000000000000000FFFF0000")
                        && socket.substring(30, 32).equals("7F")
                || socket.startsWith("00000000000000000000000001000000:");
    }

    /** A loopback address that was free a moment ago. */
    static HostPort free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }
}
