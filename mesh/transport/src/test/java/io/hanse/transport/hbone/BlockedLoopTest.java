/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.watch.LoopWatch;
import io.hanse.watch.Violation;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The watch over our event loops sees what it is there for; without this, silence would prove nothing. */
final class BlockedLoopTest {

    private static final Path FILE = Path.of("pom.xml");

    private final EventLoops loops = new EventLoops("watched", 1);

    /** What somebody might do. */
    private interface Blocking {
        void block() throws Exception;
    }

    private static final Map<String, Blocking> CALLS = Map.ofEntries(
            Map.entry("Thread.sleep", () -> Thread.sleep(1)),
            Map.entry("Object.wait", BlockedLoopTest::waitAMoment),
            Map.entry("LockSupport.park", () -> LockSupport.parkNanos(1)),
            Map.entry("CompletableFuture.get", BlockedLoopTest::waitForAFuture),
            Map.entry("FileInputStream", BlockedLoopTest::readAStream),
            Map.entry("FileChannel", () -> Files.readString(FILE)),
            Map.entry("RandomAccessFile", BlockedLoopTest::readAtRandom),
            Map.entry("connecting a socket", BlockedLoopTest::connect),
            Map.entry("looking a name up", () -> InetAddress.getAllByName("localhost.localdomain")),
            Map.entry("starting a process", () -> new ProcessBuilder("true").start()),
            Map.entry("FileOutputStream, as standard output is", BlockedLoopTest::write));

    @AfterEach
    void stop() {
        loops.close();
    }

    @ParameterizedTest(name = "{0} on an event loop is noticed, with the loop and who did it")
    @ValueSource(
            strings = {
                "Thread.sleep",
                "Object.wait",
                "LockSupport.park",
                "CompletableFuture.get",
                "FileInputStream",
                "FileChannel",
                "RandomAccessFile",
                "connecting a socket",
                "looking a name up",
                "starting a process",
                "FileOutputStream, as standard output is"
            })
    void noticesWhatBlocks(String what) throws Exception {
        onTheLoop(what);
        assertThat(LoopWatch.take()).isNotEmpty().first().satisfies(violation -> {
            assertThat(violation.thread()).startsWith("watched-");
            assertThat(violation.stack()).contains("BlockedLoopTest");
        });
    }

    @Test
    @DisplayName("the same on a thread that may block is nobody's business")
    void leavesOtherThreadsAlone() throws Exception {
        for (Blocking call : CALLS.values()) {
            run(call);
        }
        assertThat(LoopWatch.take()).extracting(Violation::call).isEmpty();
    }

    private void onTheLoop(String what) throws Exception {
        Blocking call = Objects.requireNonNull(CALLS.get(what), what);
        loops.each().getFirst().submit(() -> run(call)).get(30, TimeUnit.SECONDS);
    }

    private static Object run(Blocking call) throws Exception {
        try {
            call.block();
        } catch (IOException e) {
            return e; // no such host: looking for it is what counts
        }
        return call;
    }

    @SuppressWarnings("WaitNotInLoop") // nobody will notify
    private static void waitAMoment() throws InterruptedException {
        Object nobody = new Object();
        synchronized (nobody) {
            nobody.wait(1);
        }
    }

    private static void waitForAFuture() throws Exception {
        try {
            new CompletableFuture<String>().get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // nobody completes it
        }
        throw new AssertionError("it was completed");
    }

    private static void readAStream() throws IOException {
        try (InputStream in = new FileInputStream(FILE.toFile())) {
            assertThat(in.read()).isPositive();
        }
    }

    private static void write() throws IOException {
        try (OutputStream out = new FileOutputStream("/dev/null")) {
            out.write(1);
        }
    }

    private static void readAtRandom() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(FILE.toFile(), "r")) {
            assertThat(file.read()).isPositive();
        }
    }

    private static void connect() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }
}
