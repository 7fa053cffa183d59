/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo from its first step to its last, as a new user runs it. */
final class WholeDemoTest {

    private static final List<String> STEPS = List.of(
            "start",
            "alone",
            "connect",
            "annotate",
            "call",
            "policy",
            "failover",
            "rotate",
            "forged",
            "static",
            "disconnect");

    @TempDir
    private Path work;

    /** Each process notices every buffer that is thrown away without being released. */
    private static final Map<String, String> PARANOID =
            Map.of("HANSE_JVM_OPTIONS", "-Dio.netty.leakDetection.level=paranoid");

    @Test
    @DisplayName("every step of the demo holds, the logs bear it out, no buffer leaks, and nothing is left behind")
    void everyStepHolds() throws IOException {
        Path folder = work.resolve("demo");
        Installed.Ended demo = Installed.run(work.resolve("out"), PARANOID, "demo", "--dir", folder.toString());

        assertThat(demo.status()).as(demo.output()).isZero();
        assertThat(demo.output()).doesNotContain("did not hold").contains("11 of 11 held.");
        for (int step = 1; step <= STEPS.size(); step++) {
            assertThat(demo.output()).containsPattern("(?m)^ ?%d  %s ".formatted(step, STEPS.get(step - 1)));
        }
        assertThat(logged(folder, "spiffe://lubeck.example/ns/shop/sa/frontend", "\"OK\""))
                .as("bergen's proxy let frontend in")
                .isTrue();
        assertThat(logged(folder, "spiffe://lubeck.example/ns/shop/sa/guest", "\"DENIED_BY_POLICY\""))
                .as("bergen's proxy refused guest")
                .isTrue();
        for (Path log : logs(folder)) {
            assertThat(Files.readString(log)).as("%s", log).doesNotContain("LEAK:");
        }
        Await.until(
                "no process of the demo is left",
                () -> Product.processesOf(folder).isEmpty());
        assertThat(Product.socketsIn(folder)).as("sockets left behind").isEmpty();
    }

    private static List<Path> logs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log")).toList();
            assertThat(logs).as("logs of six processes and more").hasSizeGreaterThan(6);
            return logs;
        }
    }

    private static boolean logged(Path folder, String caller, String reason) throws IOException {
        return Files.readAllLines(folder.resolve("bergen/log/node-proxy.log")).stream()
                .anyMatch(line -> line.contains('"' + caller + '"') && line.contains(reason));
    }
}
