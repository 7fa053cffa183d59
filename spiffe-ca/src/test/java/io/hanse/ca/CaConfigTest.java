/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.ca.authority.AuthoritySettings;
import io.hanse.ca.authority.RotationSchedule;
import io.hanse.ca.issuance.IssuanceSettings;
import io.hanse.ca.keys.KeyKind;
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

final class CaConfigTest {

    private static final String CLUSTER = "cluster: lubeck\ntrustDomain: lubeck.example\n";

    @TempDir
    private Path directory;

    @Test
    void everyKeyHasADefault() throws Exception {
        assertThat(read(CLUSTER))
                .isEqualTo(new CaConfig(
                        HostPort.parse("127.0.0.1:15012"),
                        Optional.empty(),
                        directory.resolve("secrets/kek"),
                        new AuthoritySettings(
                                KeyKind.EC_P256,
                                KeyKind.EC_P256,
                                new RotationSchedule(Duration.ofHours(24), Duration.ofMinutes(5))),
                        new IssuanceSettings(Duration.ofHours(1), Duration.ofMinutes(5)),
                        Duration.ofMinutes(10)));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        assertThat(read(CLUSTER + """
                        refreshHint: 10s
                        spiffe-ca:
                          listen: 127.0.0.7:1501
                          advertise: ca.lubeck.example:15012
                          kek: /run/kek
                          keyType: rsa-3072
                          jwtKeyType: ec-p384
                          authorityTtl: 2h
                          svidTtl: 20m
                          jwtSvidTtl: 2m
                          joinTokenTtl: 1m
                        """))
                .isEqualTo(new CaConfig(
                        HostPort.parse("127.0.0.7:1501"),
                        Optional.of(HostPort.parse("ca.lubeck.example:15012")),
                        Path.of("/run/kek"),
                        new AuthoritySettings(
                                KeyKind.RSA_3072,
                                KeyKind.EC_P384,
                                new RotationSchedule(Duration.ofHours(2), Duration.ofSeconds(10))),
                        new IssuanceSettings(Duration.ofMinutes(20), Duration.ofMinutes(2)),
                        Duration.ofMinutes(1)));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() -> read(CLUSTER + """
                        refreshHint: 1h
                        spiffe-ca:
                          keyType: dsa
                          authorityTtl: 3h
                          svidTtl: 4h
                          joinTokenTTL: 1m
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ec-p256, ec-p384, rsa-2048")
                .hasMessageContaining("authorityTtl")
                .hasMessageContaining("svidTtl")
                .hasMessageContaining("joinTokenTtl");
    }

    @Test
    void anSvidLongerThanASixthOfTheAuthorityIsRefused() throws Exception {
        String config = CLUSTER + "spiffe-ca:\n  authorityTtl: 6h\n  svidTtl: ";
        assertThat(read(config + "1h").issuance().x509Svid()).isEqualTo(Duration.ofHours(1));
        assertThatThrownBy(() -> read(config + "61m")).hasMessageContaining("a sixth of authorityTtl");
    }

    private CaConfig read(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("cluster.yaml"), yaml);
        Section root = ConfigFile.read(file).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        CaConfig config = CaConfig.read(root.section("spiffe-ca"), cluster);
        root.finish();
        return config;
    }
}
