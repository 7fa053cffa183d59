/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** One call that lasts: the server speaks every 200 ms until somebody ends the connection. Any thread. */
final class LongCall implements AutoCloseable {

    private static final int BUFFER_BYTES = 1024;

    private final Socket socket;
    private final Pace.Stopwatch watch;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<Optional<Duration>> ended = new AtomicReference<>(Optional.empty());

    private LongCall(Socket socket, Pace.Stopwatch watch) {
        this.socket = socket;
        this.watch = watch;
    }

    /** Opens it and waits for the first byte of the answer. */
    static LongCall open(Pace pace, InetSocketAddress listener) throws StepFailed {
        try {
            Socket socket = Call.open(listener, "/stream");
            LongCall call = new LongCall(socket, pace.start());
            if (socket.getInputStream().read() < 0) {
                socket.close();
                throw new StepFailed("the long call was refused");
            }
            pace.eachBeside().execute(call::read);
            return call;
        } catch (IOException e) {
            throw new StepFailed("the long call could not be made: " + e.getMessage());
        }
    }

    /** How long it has lasted, or would have. */
    Duration elapsed() {
        return watch.elapsed();
    }

    /** When it ended, counted from its begin; empty while it runs. */
    Optional<Duration> ended() {
        return ended.get();
    }

    /** How much the server has said. */
    long bytes() {
        return bytes.get();
    }

    private void read() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int read = socket.getInputStream().read(buffer);
                    read >= 0;
                    read = socket.getInputStream().read(buffer)) {
                bytes.addAndGet(read);
            }
        } catch (IOException e) {
            // Reset, or silent for longer than a live server ever is: ended all the same.
        }
        ended.set(Optional.of(watch.elapsed()));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
