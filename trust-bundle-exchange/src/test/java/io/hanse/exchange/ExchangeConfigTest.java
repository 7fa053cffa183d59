/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExchangeConfigTest {

    private static final String CLUSTER = "cluster: lubeck\ntrustDomain: lubeck.example\n";

    @TempDir
    private Path directory;

    private ExchangeConfig read(String yaml) throws IOException {
        Section root = ConfigFile.read(Files.writeString(directory.resolve("cluster.yaml"), CLUSTER + yaml))
                .root();
        ClusterConfig cluster = ClusterConfig.read(root);
        Section section = root.section("trust-bundle-exchange");
        ExchangeConfig config = ExchangeConfig.read(cluster, section);
        root.finish();
        return config;
    }

    @Test
    void needsNothing() throws IOException {
        assertThat(read(""))
                .isEqualTo(new ExchangeConfig(
                        new HostPort("127.0.0.1", 15014),
                        new HostPort("127.0.0.1", 8443),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(15),
                        Duration.ofMinutes(30)));
    }

    @Test
    void readsEveryKey() throws IOException {
        assertThat(read("""
                refreshHint: 30s
                trust-bundle-exchange:
                  listen: 127.0.0.9:3
                  bundleEndpoint: 127.0.0.9:4
                  webBundleEndpoint: 127.0.0.9:5
                  webCertificate: web.pem
                  webKey: /etc/web.key
                  webAuthorities: ca.pem
                  minPoll: 2s
                  fetchTimeout: 3s
                  invitationTtl: 4m
                  farewellPersistence: 5m
                """))
                .isEqualTo(new ExchangeConfig(
                        new HostPort("127.0.0.9", 3),
                        new HostPort("127.0.0.9", 4),
                        Optional.of(new ExchangeConfig.Web(
                                new HostPort("127.0.0.9", 5), directory.resolve("web.pem"), Path.of("/etc/web.key"))),
                        Optional.of(directory.resolve("ca.pem")),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4),
                        Duration.ofMinutes(5)));
    }

    @Test
    void refusesHalfAWebEndpoint() {
        assertThatThrownBy(() -> read("trust-bundle-exchange: {webBundleEndpoint: \"127.0.0.1:9\", webKey: k}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs webCertificate and webKey");
        assertThatThrownBy(() -> read("trust-bundle-exchange: {webCertificate: c}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs webBundleEndpoint");
    }

    @Test
    void refusesAPollThatWouldHammerPeers() {
        assertThatThrownBy(() -> read("trust-bundle-exchange: {minPoll: 1ms}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("minPoll");
    }
}
