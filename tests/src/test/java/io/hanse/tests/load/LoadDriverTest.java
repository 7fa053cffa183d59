/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A smoke test of the driver without the product: its own backend, direct and behind haproxy where that is installed. */
final class LoadDriverTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path work;

    private Process backend;
    private InetSocketAddress address;
    private Callers callers;

    @BeforeEach
    void startBackend() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        backend = QuickBackend.launch(
                work.resolve("backend.log"),
                address.getPort(),
                address.getAddress().getHostAddress());
        callers = new Callers(1_000);
    }

    @AfterEach
    void endBackend() {
        callers.close();
        backend.destroyForcibly();
    }

    @Test
    @DisplayName("every kind of load is carried out and counted, without a failed request")
    void everyKindIsCounted() throws IOException, InterruptedException {
        Way direct = answering(new Way("direct", address, List.of(new Way.Proxy("backend", backend.pid(), ""))));
        for (Kind kind : Kind.ALL) {
            Figures figures = callers.measure(kind, direct, SHORT);

            assertThat(figures.rate()).as("rate of %s", kind).isPositive();
            assertThat(figures.failed()).as("failures of %s", kind).isZero();
            assertThat(figures.p50()).as("p50 of %s", kind).isLessThanOrEqualTo(figures.p99());
        }
    }

    @Test
    @DisplayName("in the open loop a request that had to wait to be sent counts from when it was due")
    void openLoopCountsFromTheIntendedTime() throws IOException, InterruptedException {
        Way direct = answering(new Way("direct", address, List.of()));
        stop(backend);
        try (Callers impatient = new Callers(1_000, SHORT)) {
            // One connection, which waits for its first answer; 500 requests fall due behind it.
            Kind one = new Kind("one", Kind.Shape.OPEN, 1);
            Figures figures = impatient.measure(one, direct, Duration.ofMillis(500));

            assertThat(figures.rate()).isZero();
            assertThat(figures.p50())
                    .as("microseconds the median request had waited")
                    .isGreaterThan(100_000);
        }
    }

    @Test
    @DisplayName("a pair of haproxy with mutual TLS carries the load and counts its CPU")
    void haproxyPairCarriesTheLoad() throws IOException, InterruptedException {
        assumeTrue(HaproxyPair.installed().isPresent(), HaproxyPair.advice());
        answering(new Way("direct", address, List.of()));
        try (HaproxyPair pair =
                HaproxyPair.start(HaproxyPair.installed().orElseThrow(), work.resolve("pair"), address)) {
            Way way = answering(pair.way());
            Figures figures = callers.measure(Kind.ALL.get(1), way, SHORT);

            assertThat(figures.failed()).isZero();
            assertThat(figures.proxyCpu()).isPositive();
        }
    }

    @Test
    @DisplayName("the report tells ratios to the direct way and to haproxy")
    void reportTellsRatios() {
        Kind kind = Kind.ALL.getFirst();
        Measured measured = new Measured(
                Map.of(
                        new Measured.Cell(kind, "direct"), new Figures(1_000, 1, 2, 3, 0, 0, 0, 0.1),
                        new Measured.Cell(kind, "across"), new Figures(300, 4, 5, 6, 7, 8e-6, 9, 0.1),
                        new Measured.Cell(kind, "haproxy pair"), new Figures(200, 4, 10, 20, 0, 9e-6, 0, 0.1)),
                List.of());

        assertThat(Report.table(measured)).containsPattern("c1 +across +300 +4 +5 +6 +7 +8.0 +9 +0.30 +1.50 +0.50");
        assertThat(Report.json(measured)).contains("\"toHaproxy\" : 1.5");
    }

    @Test
    @DisplayName("a mistake on the command line is named")
    void mistakesAreNamed() {
        assertThatThrownBy(() -> Options.parse("--only", "c17")).hasMessageContaining("--only: c17 (expected: c1, c16");
        assertThatThrownBy(() -> Options.parse("--rounds", "none")).hasMessage("--rounds: none (expected: 1 to 100)");
        assertThatThrownBy(() -> Options.parse("--dir")).hasMessage("--dir needs a value");
        assertThatThrownBy(() -> Options.parse("--fast", "yes")).hasMessage("--fast is not known");
    }

    private Way answering(Way way) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!callers.answers(way, SHORT)) {
            assertThat(System.nanoTime()).as("%s answers", way).isLessThan(until);
        }
        return way;
    }

    /** It keeps its connections and answers none of them. */
    private static void stop(Process process) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(status).as("kill -STOP").isZero();
    }
}
