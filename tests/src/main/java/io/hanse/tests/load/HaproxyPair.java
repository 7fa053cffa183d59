/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The yardstick: two haproxy processes with mutual TLS 1.3 between them, TCP mode, as many threads as it takes by default.
 * Each connection of a client has a TLS connection of its own; sessions are resumed, as haproxy does by default.
 */
final class HaproxyPair implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";

    private final List<Process> processes;
    private final int entry;

    private HaproxyPair(List<Process> processes, int entry) {
        this.processes = processes;
        this.entry = entry;
    }

    /** Where Debian's package puts it; empty if it is not installed. */
    static Optional<Path> installed() {
        return Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What to say to whom it is missing. */
    static String advice() {
        return "haproxy is not installed, so there is no yardstick. Next: apt-get install haproxy";
    }

    /** Starts a pair in front of {@code backend}, its files in {@code folder}. */
    static HaproxyPair start(Path binary, Path folder, InetSocketAddress backend)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        YardstickCertificates.write(folder);
        int between = freePort();
        int entry = freePort();
        String pem = " ca-file %s/ca.pem verify required ssl-min-ver TLSv1.3".formatted(folder);
        Process server = run(
                binary,
                folder.resolve("server.cfg"),
                "%s:%d ssl crt %s/server.pem%s".formatted(ADDRESS, between, folder, pem),
                "%s:%d".formatted(backend.getAddress().getHostAddress(), backend.getPort()));
        Process client = run(
                binary,
                folder.resolve("client.cfg"),
                "%s:%d".formatted(ADDRESS, entry),
                "%s:%d ssl crt %s/client.pem%s".formatted(ADDRESS, between, folder, pem));
        return new HaproxyPair(List.of(server, client), entry);
    }

    private static Process run(Path binary, Path configuration, String bind, String server) throws IOException {
        Files.writeString(configuration, """
            global
              maxconn 4000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 1h
              timeout server 1h
            listen pass
              bind %s
              server next %s
            """.formatted(bind, server));
        return new ProcessBuilder(binary.toString(), "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of(configuration + ".log").toFile())
                .start();
    }

    Way way() {
        return new Way(
                "haproxy pair",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), entry),
                List.of(
                        new Way.Proxy("haproxy client side", processes.getLast().pid(), ""),
                        new Way.Proxy(
                                "haproxy server side", processes.getFirst().pid(), "")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (Process each : processes) {
            each.destroy();
            try {
                if (!each.waitFor(5, TimeUnit.SECONDS)) {
                    each.destroyForcibly();
                }
            } catch (InterruptedException e) {
                each.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
