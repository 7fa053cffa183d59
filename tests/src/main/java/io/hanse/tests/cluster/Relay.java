/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire that can be cut: peers are told this address instead of a gateway's, and bytes are carried on to it. A link is
 * from one cluster (whose process dialled, found by the kernel's socket tables) to the cluster behind. Any thread.
 */
public final class Relay implements AutoCloseable {

    private static final int BACKLOG = 256;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER_BYTES = 16 * 1024;

    /** What a link does. */
    public enum Link {
        /** It carries bytes. */
        UP,
        /** A cable that was pulled: connections stay, new ones are taken, no byte passes. Bytes are kept till it is up. */
        SILENT,
        /** Connections are reset, new ones too. */
        DOWN,
        /** Every chunk of bytes takes {@link #DELAY} more. */
        SLOW,
        /** A connection ends, orderly, in the middle of what it carries: after {@link #SHORT_BYTES} in one direction. */
        TORN,
        /** A direction ends after {@link #SHORT_BYTES}, the other goes on. */
        HALF_CLOSED,
        /** Behind, each connection is made twice, and everything is said on both; the first answers. */
        DOUBLED
    }

    /** As from the other side of the world. */
    static final Duration DELAY = Duration.ofMillis(150);

    /** Within a TLS handshake. */
    static final int SHORT_BYTES = 700;

    /** Which cluster a process belongs to; empty for none. */
    interface Origins {
        String clusterOf(long pid);
    }

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final Origins origins;
    private final Set<Carried> carried = ConcurrentHashMap.newKeySet();
    private final Map<String, Link> links = new HashMap<>();
    private Link usual = Link.UP;

    private Relay(ServerSocket door, InetSocketAddress target, Origins origins) {
        this.door = door;
        this.target = target;
        this.origins = origins;
    }

    static Relay start(InetSocketAddress listen, InetSocketAddress target, Origins origins) {
        try {
            ServerSocket door = new ServerSocket(listen.getPort(), BACKLOG, listen.getAddress());
            Relay relay = new Relay(door, target, origins);
            Thread.ofVirtual().name("relay " + listen).start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets the links from every cluster. */
    public synchronized void set(Link link) {
        links.clear();
        usual = link;
        apply();
    }

    /** Sets the link from one cluster; the others stay. */
    public synchronized void set(Cluster from, Link link) {
        links.put(from.name(), link);
        apply();
    }

    /** How many connections it carries now. */
    public int connections() {
        return carried.size();
    }

    private synchronized void apply() {
        carried.stream().filter(one -> link(one.origin) == Link.DOWN).forEach(Carried::reset);
        notifyAll();
    }

    private synchronized Link link(String origin) {
        return links.getOrDefault(origin, usual);
    }

    private synchronized boolean awaitUp(String origin) throws InterruptedException {
        while (link(origin) == Link.SILENT && !door.isClosed()) {
            wait();
        }
        return link(origin) != Link.DOWN && !door.isClosed();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                Thread.ofVirtual().name("relay " + near).start(() -> carry(near));
            } catch (IOException e) {
                // Closed, or this one connection is gone already.
            }
        }
    }

    private void carry(Socket near) {
        String origin = origins.clusterOf(Dialler.of(near));
        try (Carried one = new Carried(near, new Socket(), new Socket(), origin)) {
            carried.add(one);
            if (awaitUp(origin)) {
                one.far.connect(target, CONNECT_MILLIS);
                if (link(origin) == Link.DOUBLED) {
                    one.echo.connect(target, CONNECT_MILLIS);
                }
                Thread back = Thread.ofVirtual().name("relay back").start(() -> pump(one, one.far, one.near));
                pump(one, one.near, one.far);
                back.join();
            } else {
                one.reset();
            }
            carried.remove(one);
        } catch (IOException e) {
            reset(near); // nobody listens behind: so does the one in front see it
            carried.removeIf(one -> one.near.equals(near));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Carried one, Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int passed = 0;
            for (int read = in.read(buffer); read >= 0 && awaitUp(one.origin); read = in.read(buffer)) {
                Link link = link(one.origin);
                if (link == Link.SLOW) {
                    Await.pass(DELAY);
                }
                boolean isShort = link == Link.TORN || link == Link.HALF_CLOSED;
                int allowed = isShort ? Math.clamp(SHORT_BYTES - passed, 0, read) : read;
                out.write(buffer, 0, allowed);
                if (one.echo.isConnected() && from.equals(one.near)) {
                    one.echo.getOutputStream().write(buffer, 0, allowed);
                }
                passed += allowed;
                if (link == Link.TORN && allowed < read) {
                    one.close();
                    return;
                }
                if (allowed < read) {
                    break;
                }
            }
            if (awaitUp(one.origin)) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            one.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already; closing again does nothing.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        synchronized (this) {
            notifyAll();
        }
        carried.forEach(Carried::reset);
    }

    /** A connection; {@code echo} is only connected where everything is said twice. */
    private record Carried(Socket near, Socket far, Socket echo, String origin) implements AutoCloseable {

        void reset() {
            Relay.reset(near);
            Relay.reset(far);
            Relay.reset(echo);
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
            echo.close();
        }
    }
}
