/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.model.reason.InWords;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One call that lasts: the backend speaks every 200 ms until somebody ends the connection. Any thread. */
public final class LongCall implements AutoCloseable {

    private static final int BUFFER_BYTES = 1024;

    private final Socket socket;
    private final Instant began = Await.PACE.now();
    private final Future<Boolean> reading;
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Ended ended;

    /** When and how it ended. */
    public record Ended(Instant at, String how) {}

    private LongCall(Socket socket, InputStream in) {
        this.socket = socket;
        this.reading = Await.beside("long call", () -> read(in));
    }

    /** Opens it and waits for the first byte of the answer. */
    public static LongCall open(InetSocketAddress listener) {
        try {
            Socket socket = Call.open(listener, "/stream");
            InputStream in = socket.getInputStream();
            if (in.read() < 0) {
                socket.close();
                throw new AssertionError("the long call to %s was refused".formatted(listener));
            }
            return new LongCall(socket, in);
        } catch (IOException e) {
            throw new AssertionError("the long call to %s could not be made".formatted(listener), e);
        }
    }

    /** When it was opened. */
    public Instant began() {
        return began;
    }

    /** When and how it ended; empty while it runs. */
    public Optional<Ended> ended() {
        return Optional.ofNullable(ended);
    }

    /** How much the backend has said. */
    public long bytes() {
        return bytes.get();
    }

    private boolean read(InputStream in) {
        byte[] buffer = new byte[BUFFER_BYTES];
        String how = "closed";
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.addAndGet(read);
            }
        } catch (IOException e) {
            how = InWords.of(e); // reset, or silent for longer than a live backend ever is
        }
        ended = new Ended(Await.PACE.now(), how);
        return true;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        Await.join(reading);
    }
}
