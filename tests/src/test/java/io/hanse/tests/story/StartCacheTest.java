/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.run.Child;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The caches that a rehearsal makes, and the processes of a cluster that use them. */
final class StartCacheTest {

    /** Which role's run file tells the pid of a process, and whose cache it uses. */
    private static final Map<String, String> CACHES = Map.of(
            "spiffe-ca", "control-plane.aot",
            "east-west-gateway", "node-proxy.aot",
            "node-proxy-a", "node-proxy.aot");

    @TempDir
    private Path work;

    @Test
    @DisplayName(
            "after a rehearsal every process of a cluster maps its cache, and the JVM has nothing to say against it")
    void everyProcessUsesItsCache() throws IOException {
        Installed.Ended rehearsal = Installed.run(work.resolve("rehearsal"), "rehearse");
        assertThat(rehearsal.status()).as(rehearsal.output()).isZero();

        Path cluster = work.resolve("lubeck");
        Installed.run(work.resolve("init"), "init", "lubeck", "--dir", cluster.toString());
        Path output = work.resolve("run");
        Child run = Installed.start(output, "run", "--dir", cluster.toString());
        try {
            Await.until("the cluster runs", Installed.PATIENCE, () -> says(output, " runs, ") || !run.isAlive());
            for (Map.Entry<String, String> each : CACHES.entrySet()) {
                long pid = new ObjectMapper()
                        .readTree(cluster.resolve("run")
                                .resolve(each.getKey() + ".json")
                                .toFile())
                        .path("pid")
                        .asLong();
                assertThat(mapped(pid)).as("files that %s maps", each.getKey()).contains("/" + each.getValue());
            }
            for (String log : List.of("control-plane", "east-west-gateway", "node-proxy")) {
                assertThat(Files.readString(cluster.resolve("log").resolve(log + ".log")))
                        .doesNotContain("[aot]")
                        .doesNotContain("[cds]");
            }
        } finally {
            run.terminate();
            run.awaitEnd(Installed.PATIENCE);
        }
    }

    private static boolean says(Path output, String words) {
        try {
            return Files.readString(output).contains(words);
        } catch (IOException e) {
            return false; // not made yet
        }
    }

    private static String mapped(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/maps"));
    }
}
