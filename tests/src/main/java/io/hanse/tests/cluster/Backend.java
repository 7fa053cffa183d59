/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that serves, in this JVM, on a workload's address. {@code GET /} answers its name; {@code GET /stream}
 * says it again and again; {@code GET /echo} sends back what comes after. Knows nothing of Hanse.
 */
public final class Backend implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final Duration BEAT = Duration.ofMillis(200);

    private final String name;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Backend(String name, ServerSocket door) {
        this.name = name;
        this.door = door;
    }

    /** Serves at {@code address} and {@link Manifests#BACKEND_PORT}, answering {@code name}. */
    public static Backend start(String name, String address) {
        try {
            ServerSocket door = new ServerSocket();
            door.setReuseAddress(true);
            door.bind(new java.net.InetSocketAddress(InetAddress.ofLiteral(address), Manifests.BACKEND_PORT), BACKLOG);
            Backend backend = new Backend(name, door);
            Thread.ofVirtual().name("backend " + name).start(backend::accept);
            return backend;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers. */
    public String name() {
        return name;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                open.add(socket);
                Thread.ofVirtual().name("backend " + name).start(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or this one connection is gone already.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                if (head.startsWith("GET /stream ")) {
                    stream(out);
                } else if (head.startsWith("GET /echo ")) {
                    out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    in.transferTo(out);
                    return;
                }
                boolean last = head.contains("Connection: close");
                out.write("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s\n"
                        .formatted(name.length() + 1, last ? "Connection: close\r\n" : "", name)
                        .getBytes(StandardCharsets.US_ASCII));
                if (last) {
                    return;
                }
            }
        } catch (IOException e) {
            // The caller is gone; it knows why.
        } finally {
            open.remove(socket);
        }
    }

    private void stream(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
            out.write((name + "\n").getBytes(StandardCharsets.US_ASCII));
            LockSupport.parkNanos(BEAT.toNanos());
        }
    }

    /** A request's head, or nothing at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        byte[] bytes = new byte[MAX_HEAD_BYTES];
        int length = 0;
        while (length < bytes.length) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            bytes[length++] = (byte) next;
            if (next == '\n' && length >= 4 && bytes[length - 3] == '\n') {
                return new String(bytes, 0, length, StandardCharsets.US_ASCII);
            }
        }
        throw new IOException("the request's head is too long");
    }

    /** Ends as a killed process would: the port is closed, every connection is gone. */
    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #close} does, but connections that are being served may end. */
    public void closeDoor() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
