/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.hbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.runtime.config.ConfigException;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.transport.h2.H2Limits;
import io.hanse.transport.hbone.HboneLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HboneSettingsTest {

    @TempDir
    Path directory;

    @Test
    void everyLimitHasADefault() throws IOException {
        assertThat(read("gate: {}")).isEqualTo(HboneLimits.defaults());
    }

    @Test
    void readsEveryLimit() throws IOException {
        HboneLimits limits = read("""
                gate:
                  maxConnections: 100
                  limits:
                    handshakes: 20
                    connectionsPerPeer: 30
                    passThrough: 40
                    handshake: 3s
                    preface: 4s
                    frameTime: 5s
                    keepalive: 6s
                    idle: 7m
                    streams: 8
                    headerBytes: 9000
                    headerFields: 10
                    window: 11s
                    resets: 12
                    controlFrames: 13
                    emptyFrames: 14
                    unreadAnswers: 15
                    bufferGrowth: 16
                """);
        assertThat(limits.maxConnections()).isEqualTo(100);
        assertThat(limits.maxHandshakes()).isEqualTo(20);
        assertThat(limits.maxPerPeer()).isEqualTo(30);
        assertThat(limits.maxPassThrough()).isEqualTo(40);
        assertThat(limits.handshake()).isEqualTo(Duration.ofSeconds(3));
        assertThat(limits.clientHello()).as("never longer than the handshake").isEqualTo(Duration.ofSeconds(3));
        H2Limits h2 = limits.h2();
        assertThat(h2.settingsAnswer()).isEqualTo(Duration.ofSeconds(4));
        assertThat(h2.frameTime()).isEqualTo(Duration.ofSeconds(5));
        assertThat(h2.keepaliveAnswer()).isEqualTo(Duration.ofSeconds(6));
        assertThat(h2.idle()).isEqualTo(Duration.ofMinutes(7));
        assertThat(h2.maxConcurrentStreams()).isEqualTo(8);
        assertThat(h2.headerBytes()).isEqualTo(9_000);
        assertThat(h2.headerCount()).isEqualTo(10);
        assertThat(h2.floodWindow()).isEqualTo(Duration.ofSeconds(11));
        assertThat(h2.maxPrematureResets()).isEqualTo(12);
        assertThat(h2.maxControlFrames()).isEqualTo(13);
        assertThat(h2.maxEmptyFrames()).isEqualTo(14);
        assertThat(h2.maxUnreadAnswers()).isEqualTo(15);
        assertThat(h2.windowGrowthBytes()).isEqualTo(16 * 1024 * 1024);
    }

    @Test
    void refusesWhatIsOutOfBoundsAndWhatIsNotKnownAtOnce() {
        assertThatThrownBy(() -> read("""
                        gate:
                          limits:
                            resets: 0
                            preface: 1ms
                            headerBytes: 12
                            pings: 5
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "limits.resets: number: 0",
                        "limits.preface: duration: 1ms",
                        "limits.headerBytes: number: 12",
                        "'gate.limits.pings' is not known");
    }

    private HboneLimits read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("cluster.yaml"), text);
        Section gate = ConfigFile.read(file).root().section("gate");
        HboneLimits limits = HboneSettings.read(gate);
        gate.finish();
        return limits;
    }
}
