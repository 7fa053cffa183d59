/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterConfigTest {

    @TempDir
    Path directory;

    @Test
    void needsANameAndATrustDomainNothingMore() throws IOException {
        ClusterConfig config = read("cluster: lubeck\ntrustDomain: lubeck.example\n");

        assertThat(config)
                .isEqualTo(new ClusterConfig(
                        new ClusterName("lubeck"),
                        new TrustDomain("lubeck.example"),
                        "lubeck",
                        "127.0.0.1",
                        directory.resolve("state"),
                        directory.resolve("run"),
                        directory.resolve("marks"),
                        directory.resolve("manifests"),
                        Duration.ofMinutes(5),
                        new ClusterConfig.Ports(
                                new HostPort("127.0.0.1", 15012),
                                new HostPort("127.0.0.1", 15013),
                                new HostPort("127.0.0.1", 15014),
                                new HostPort("127.0.0.1", 8443),
                                Optional.empty(),
                                new HostPort("127.0.0.1", 15008),
                                List.of(new HostPort("127.0.0.1", 15008))),
                        directory.resolve("cluster.yaml")));
    }

    @Test
    void readsEveryKey() throws IOException {
        ClusterConfig config = read("""
                cluster: bergen
                trustDomain: bergen.example
                network: north
                address: 127.0.0.9
                stateDirectory: /var/lib/hanse
                runDirectory: sockets
                markDirectory: /srv/marks
                manifests: yaml
                refreshHint: 30s
                spiffe-ca:
                  listen: 127.0.0.9:1
                  owned: by the role
                cluster-registry: {listen: "127.0.0.9:2"}
                trust-bundle-exchange:
                  listen: 127.0.0.9:3
                  bundleEndpoint: 127.0.0.9:4
                  webBundleEndpoint: 127.0.0.9:5
                east-west-gateway:
                  listen: 127.0.0.9:6
                  advertise: ["gw.bergen.example:15008", "127.0.0.9:6"]
                node-proxy: {node: one}
                node-proxy-two: {}
                control-plane: {}
                """);

        assertThat(config)
                .isEqualTo(new ClusterConfig(
                        new ClusterName("bergen"),
                        new TrustDomain("bergen.example"),
                        "north",
                        "127.0.0.9",
                        Path.of("/var/lib/hanse"),
                        directory.resolve("sockets"),
                        Path.of("/srv/marks"),
                        directory.resolve("yaml"),
                        Duration.ofSeconds(30),
                        new ClusterConfig.Ports(
                                new HostPort("127.0.0.9", 1),
                                new HostPort("127.0.0.9", 2),
                                new HostPort("127.0.0.9", 3),
                                new HostPort("127.0.0.9", 4),
                                Optional.of(new HostPort("127.0.0.9", 5)),
                                new HostPort("127.0.0.9", 6),
                                List.of(new HostPort("gw.bergen.example", 15008), new HostPort("127.0.0.9", 6))),
                        directory.resolve("cluster.yaml")));
    }

    @Test
    @DisplayName("SPIFFE-ID-2.4 takes an upper-case trust domain as lower case")
    void takesAnUpperCaseTrustDomainAsLowerCase() throws IOException {
        assertThat(read("cluster: a\ntrustDomain: LUBECK.Example\n")
                        .trustDomain()
                        .name())
                .isEqualTo("lubeck.example");
    }

    @Test
    void refusesNamesWithWhatWasExpectedBothAtOnce() {
        assertThatThrownBy(() -> read("cluster: Lübeck\ntrustDomain: lubeck example\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining(
                        "cluster.yaml:1:10: cluster: cluster name: Lübeck (expected: 1 to 63 of a-z 0-9 -")
                .hasMessageContaining("cluster.yaml:2:14: trustDomain:");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> read("cluster: lubeck\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the key 'trustDomain' is missing");
    }

    @Test
    void refusesARefreshHintThatWouldHammerPeers() {
        assertThatThrownBy(() -> read("cluster: a\ntrustDomain: a.example\nrefreshHint: 1ms\n"))
                .hasMessageContaining("refreshHint: duration: 1ms (expected: 1s to 1d)");
    }

    @Test
    void refusesAnAddressThatIsNoHostWithItsLine() {
        for (String address : List.of("[::1]", "127.0.0.1 ", "")) {
            assertThatThrownBy(() -> read("cluster: a\ntrustDomain: a.example\naddress: \"%s\"\n".formatted(address)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("cluster.yaml:3:10: address: host: %s (expected: a DNS name or an IP address)"
                            .formatted(address));
        }
    }

    @Test
    void namesACommandWhenThereIsNoFile() {
        assertThatThrownBy(() -> ConfigFile.read(directory.resolve("absent.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no such file")
                .hasMessageContaining("next: make a cluster first: connect-clusters init");
    }

    @Test
    void refusesASecondDocumentAndATopThatIsNoGroup() {
        assertThatThrownBy(() -> read("cluster: a\n---\ncluster: b\n")).hasMessageContaining("cluster.yaml:3:1");
        assertThatThrownBy(() -> read("- a\n")).hasMessageContaining("the file holds a list");
    }

    @Test
    void refusesADuplicateKeyWithItsLine() {
        assertThatThrownBy(() -> read("cluster: a\ncluster: b\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.yaml:2:1: the key 'cluster' stands here a second time");
    }

    private ClusterConfig read(String yaml) throws IOException {
        Section root = ConfigFile.read(Files.writeString(directory.resolve("cluster.yaml"), yaml))
                .root();
        ClusterConfig config = ClusterConfig.read(root);
        root.finish();
        return config;
    }
}
