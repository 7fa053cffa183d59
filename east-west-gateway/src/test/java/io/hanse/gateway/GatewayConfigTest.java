/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.transport.hbone.HboneLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayConfigTest {

    private static final String SHARED = "cluster: bergen\ntrustDomain: bergen.example\naddress: 127.0.0.9\n";

    @TempDir
    Path directory;

    @Test
    void everyKeyHasADefault() throws IOException {
        HostPort usual = new HostPort("127.0.0.9", 15008);
        assertThat(read(SHARED))
                .isEqualTo(new GatewayConfig(usual, List.of(usual), 2, 15008, HboneLimits.defaults(), 10_000));
    }

    @Test
    void readsEveryKey() throws IOException {
        assertThat(read(SHARED + """
                        east-west-gateway:
                          listen: 127.0.0.8:1
                          advertise: ["gw.bergen.example:15008", "127.0.0.8:1"]
                          threads: 3
                          hbonePort: 25008
                          maxConnections: 7
                          limits: {handshakes: 6, handshake: 3s}
                          maxTunnelsPerPeer: 8
                        """))
                .isEqualTo(new GatewayConfig(
                        new HostPort("127.0.0.8", 1),
                        List.of(new HostPort("gw.bergen.example", 15008), new HostPort("127.0.0.8", 1)),
                        3,
                        25008,
                        HboneLimits.defaults().withMaxConnections(7).withHandshakes(6, Duration.ofSeconds(3)),
                        8));
    }

    @Test
    void refusesEveryValueOutOfBoundsAndEveryUnknownKeyAtOnce() {
        assertThatThrownBy(() -> read(SHARED + """
                        east-west-gateway:
                          listen: nowhere
                          advertise: [here]
                          threads: 0
                          hbonePort: 65536
                          maxConnections: 0
                          maxTunnelsPerPeer: none
                          maxTunelsPerPeer: 1
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "listen: address: nowhere",
                        "advertise: address: here",
                        "threads: number: 0",
                        "hbonePort: number: 65536",
                        "maxConnections: number: 0",
                        "maxTunnelsPerPeer: number: none",
                        "did you mean 'maxTunnelsPerPeer'?");
    }

    private GatewayConfig read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("cluster.yaml"), text);
        Section root = ConfigFile.read(file).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        Section section = root.section("east-west-gateway");
        GatewayConfig config = GatewayConfig.read(section, cluster);
        section.finish();
        return config;
    }
}
