/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.transport.hbone.HboneLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyConfigTest {

    @TempDir
    Path directory;

    @Test
    void everyKeyHasADefault() throws IOException {
        assertThat(read(""))
                .isEqualTo(new ProxyConfig(
                        "a",
                        2,
                        15008,
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        HboneLimits.defaults(),
                        directory.resolve("sockets/a")));
    }

    @Test
    void readsEveryKey() throws IOException {
        assertThat(read("""
            node-proxy:
              node: n-7.bergen
              threads: 3
              hbonePort: 25008
              svidTtl: 10m
              probePeriod: 500ms
              maxConnections: 9
              workloadApi: /run/hanse
            """))
                .isEqualTo(new ProxyConfig(
                        "n-7.bergen",
                        3,
                        25008,
                        Duration.ofMinutes(10),
                        Duration.ofMillis(500),
                        HboneLimits.defaults().withMaxConnections(9),
                        Path.of("/run/hanse")));
    }

    @Test
    void refusesEveryValueOutOfBoundsAndEveryUnknownKeyAtOnce() {
        assertThatThrownBy(() -> read("""
            node-proxy:
              node: a/b
              threads: 65
              hbonePort: 0
              svidTtl: 25h
              probePeriod: 1ms
              maxConnections: 0
              probePeriode: 5s
            """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "node: node: a/b",
                        "threads: number: 65",
                        "hbonePort: number: 0",
                        "svidTtl: duration: 25h",
                        "probePeriod: duration: 1ms",
                        "maxConnections: number: 0",
                        "did you mean 'probePeriod'?");
    }

    @Test
    void refusesANodeThatCannotStandInASpiffeId() {
        for (String node : new String[] {"'a b'", "'ä'", "'..'", "'a%20'"}) {
            assertThatThrownBy(() -> read("node-proxy:\n  node: " + node + "\n"))
                    .as(node)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("node:");
        }
    }

    private ProxyConfig read(String text) throws IOException {
        Path file = Files.writeString(
                directory.resolve("cluster.yaml"), "cluster: bergen\ntrustDomain: bergen.example\n" + text);
        Section root = ConfigFile.read(file).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        assertThat(cluster.cluster().name()).isEqualTo("bergen");
        Section section = root.section("node-proxy");
        ProxyConfig config = ProxyConfig.read(section, "a");
        section.finish();
        return config;
    }
}
