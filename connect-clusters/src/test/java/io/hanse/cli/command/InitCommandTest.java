/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.cli.directory.Role;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code init} makes and refuses, and how what it made is read again. */
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

    @ParameterizedTest
    @ValueSource(strings = {"not an address", "localhost", "::1", "0.0.0.0", "224.0.0.1", "127.1", "127.0.0.1:15008"})
    void anAddressThatNobodyCouldBeToldIsRefusedBeforeAnythingIsMade(String address) {
        assertThat(terminal.run("init", "lubeck", "--address", address)).isEqualTo(2);
        assertThat(terminal.err()).contains(address).contains("Nothing was made.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anAddressOfThisMachineIsWhereAllOfItListens() throws IOException {
        assertThat(terminal.run("init", "lubeck", "--address", "192.0.2.7")).isZero();
        assertThat(Files.readString(folder.resolve("lubeck/cluster.yaml")))
                .contains("address: 192.0.2.7")
                .contains("listen: 192.0.2.7:15008");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "010", "true", "1.0", "b"})
    void aNodeIsCalledWhatIsWritten(String node) throws IOException {
        Files.writeString(
                folder.resolve("cluster.yaml"), "cluster: 7\ntrustDomain: 1.5\nnode-proxy: {node: " + node + "}\n");

        ClusterDirectory read = ClusterDirectory.at(folder);

        assertThat(read.instance(Role.NODE_PROXY)).isEqualTo("node-proxy-" + node);
        assertThat(read.name().name()).isEqualTo("7");
        assertThat(read.trustDomain().name()).isEqualTo("1.5");
        assertThat(read.run()).isEqualTo(folder.resolve("run"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void aClusterFileThatIsNestedWithoutEndIsRefusedInASentence(String level) throws IOException {
        Files.writeString(folder.resolve("cluster.yaml"), level.repeat(100_000));
        assertThat(terminal.run("status")).isEqualTo(2);
        assertThat(terminal.err()).contains("cluster.yaml: nested deeper than 64 levels at line 1");
    }
}
