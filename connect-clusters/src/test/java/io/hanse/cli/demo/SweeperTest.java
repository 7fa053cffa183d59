/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {

    private static final long DEMO = 4_000_001; // above what kernels give out
    private static final long OTHER = 4_000_002;

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWhatTheDemoStartedAndNobodyElsesClusterBelowTheFolder() throws Exception {
        Process told = process(DEMO, folder.resolve("lubeck/cluster.yaml"));
        Process untold = process(DEMO, folder.resolve("bergen/cluster.yaml"));
        Process elsewhere = process(DEMO, Path.of("/elsewhere/cluster.yaml"));
        Process foreign = process(OTHER, folder.resolve("real/cluster.yaml"));

        Process shell = Sweeper.shell(folder, false, DEMO);
        shell.getOutputStream().write((told.pid() + "\n" + foreign.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        shell.getOutputStream().close();

        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(told.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(untold.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(foreign.isAlive()).isTrue();
        assertThat(elsewhere.isAlive()).isTrue();
    }

    @Test
    void aFolderThatHoldsAClusterOfANameOfTheDemoIsRefused() throws IOException {
        Path cluster = Files.createDirectory(folder.resolve("visby"));
        Files.writeString(cluster.resolve("cluster.yaml"), "cluster: visby");

        assertThatThrownBy(() -> DemoWorld.check(folder))
                .hasMessageContaining("there is a cluster in " + cluster + " already");
    }

    /** A process that waits as one of the product would, with the same words on its command line. */
    private Process process(long parent, Path config) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "read line", "process", "--exit-with-parent", "--config", config.toString());
        builder.environment().put("HANSE_PARENT_PID", Long.toString(parent));
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
