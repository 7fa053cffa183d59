/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.imports.ImportTerms;
import io.hanse.registry.replica.ReplicaSettings;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryConfigTest {

    @TempDir
    Path directory;

    private RegistryConfig read(String section) throws IOException {
        Path file = directory.resolve("cluster.yaml");
        Files.writeString(file, "cluster: lubeck\ntrustDomain: lubeck.example\n" + section);
        Section root = ConfigFile.read(file).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        RegistryConfig config = RegistryConfig.read(root.section("cluster-registry"), cluster);
        root.finish();
        return config;
    }

    private static ReplicaSettings replicas(Optional<HostPort> listen, List<HostPort> replicas) {
        return new ReplicaSettings(new ClusterName("lubeck"), new TrustDomain("lubeck.example"), listen, replicas);
    }

    @Test
    void hasDefaults() throws IOException {
        assertThat(read(""))
                .isEqualTo(new RegistryConfig(
                        new HostPort("127.0.0.1", 15013),
                        new ImportTerms(Duration.ofSeconds(30), Duration.ofMinutes(5)),
                        Duration.ofSeconds(3),
                        replicas(Optional.empty(), List.of())));
    }

    @Test
    void readsEveryKey() throws IOException {
        assertThat(read("""
            cluster-registry:
              listen: 127.0.0.2:1
              importLease: 10s
              importHoldDown: 0s
              heartbeat: 1s
              replicas: ["127.0.0.1:5701", "127.0.0.1:5702"]
              replicaListen: 127.0.0.1:5702
            """))
                .isEqualTo(new RegistryConfig(
                        new HostPort("127.0.0.2", 1),
                        new ImportTerms(Duration.ofSeconds(10), Duration.ZERO),
                        Duration.ofSeconds(1),
                        replicas(
                                Optional.of(new HostPort("127.0.0.1", 5702)),
                                List.of(new HostPort("127.0.0.1", 5701), new HostPort("127.0.0.1", 5702)))));
    }

    @Test
    void refusesReplicasThatAnybodyCouldReachAndAListWithoutOneself() {
        assertThatThrownBy(() -> read("cluster-registry: {replicas: [\"10.0.0.1:5701\"]}"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("cluster-registry: {replicas: [\"127.0.0.1:5701\"]}"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("cluster-registry: {importLease: 1s}")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("cluster-registry: {importLeas: 30s}")).isInstanceOf(ConfigException.class);
    }
}
