/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Applications that tunnels lead to: one echoes, one never reads, one never stops. */
final class Neighbours {

    private static final int BACKLOG = 4_096;

    private static final int BLOCK = 16_384;

    /** More than a backlog of one takes. */
    private static final int FULL = 4;

    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    InetSocketAddress echo(InetAddress host, int port) throws IOException {
        return listen(host, port, socket -> {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        });
    }

    InetSocketAddress sink(InetAddress host, int port) throws IOException {
        return listen(host, port, socket -> {});
    }

    InetSocketAddress source(InetAddress host, int port) throws IOException {
        return listen(host, port, socket -> {
            // What waits in the kernel is no concern of these tests.
            socket.setSendBufferSize(BLOCK);
            byte[] block = new byte[BLOCK];
            OutputStream out = socket.getOutputStream();
            while (!socket.isClosed()) {
                out.write(block);
            }
        });
    }

    /** Takes two connections into its backlog and answers no other: whoever dials it waits. */
    InetSocketAddress abyss(InetAddress host, int port) throws IOException {
        ServerSocket listener = new ServerSocket(port, 1, host);
        open.add(listener);
        InetSocketAddress at = (InetSocketAddress) listener.getLocalSocketAddress();
        for (int i = 0; i < FULL; i++) {
            SocketChannel waiting = SocketChannel.open();
            open.add(waiting);
            waiting.configureBlocking(false);
            waiting.connect(at);
        }
        return at;
    }

    private InetSocketAddress listen(InetAddress host, int port, Behaviour behaviour) throws IOException {
        ServerSocket listener = new ServerSocket(port, BACKLOG, host);
        open.add(listener);
        Thread.ofVirtual().start(() -> accept(listener, behaviour));
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept(ServerSocket listener, Behaviour behaviour) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(behaviour, socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Behaviour behaviour, Socket socket) {
        try {
            behaviour.serve(socket);
        } catch (IOException e) {
            // The tunnel was ended: attacks are.
            open.remove(socket);
        }
    }

    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }
}
