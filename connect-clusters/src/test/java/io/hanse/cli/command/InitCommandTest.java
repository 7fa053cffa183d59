/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code init} refuses, before it makes anything. */
class InitCommandTest {

    @TempDir
    private Path folder = Path.of("");

    private Terminal terminal = new Terminal(folder);

    @BeforeEach
    void terminal() {
        terminal = new Terminal(folder);
    }

    @Test
    void initNamesAFileThatIsInItsWayAndMakesNothing() throws IOException {
        Path example = folder.resolve("lubeck/manifests/example.yaml");
        Files.createDirectories(example.resolveSibling(""));
        Files.writeString(example, "mine");

        assertThat(terminal.run("init", "lubeck")).isEqualTo(2);

        assertThat(terminal.err()).contains("there is a file " + example + " already");
        assertThat(folder.resolve("lubeck/cluster.yaml")).doesNotExist();
        assertThat(example).hasContent("mine");
    }

    @Test
    void whatInitCannotWriteLeavesNoCluster() throws IOException {
        Files.createDirectory(folder.resolve("lubeck"));
        Files.writeString(folder.resolve("lubeck/manifests"), "a file where a folder should be");

        assertThat(terminal.run("init", "lubeck")).isEqualTo(3);

        assertThat(terminal.err()).contains("the cluster cannot be made in").contains("manifests");
        assertThat(folder.resolve("lubeck/cluster.yaml")).doesNotExist();
    }

    @Test
    void theFileThatMakesAClusterIsWrittenLast() {
        assertThat(NewCluster.onLoopback(
                                folder,
                                new ClusterName("lubeck"),
                                TrustDomain.parse("lubeck.example"),
                                new Loopback(1, 1),
                                NewCluster.USUAL_REFRESH)
                        .files()
                        .lastEntry()
                        .getKey())
                .isEqualTo(ClusterDirectory.FILE);
    }
}
