/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.Workload;
import io.hanse.model.testing.Until;
import io.hanse.proxy.testing.Mesh;
import io.hanse.proxy.testing.Nouns;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class InboundListenersTest {

    private static final String ONE = "127.0.12.1";
    private static final String TWO = "127.0.12.2";

    private final Mesh mesh = new Mesh();
    private final Workload both = Nouns.workload("w", ONE, TWO).make();
    private final InboundListeners listeners;

    InboundListenersTest() throws Exception {
        InboundTunnels tunnels = new InboundTunnels(
                Nouns.LUBECK, "n1", mesh.hbonePort, mesh.log, new ManualScheduler(new ManualClock(Instant.EPOCH)));
        listeners = new InboundListeners(mesh.server(mesh.backend, "127.0.12.9", tunnels), mesh.hbonePort);
    }

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    @Test
    void everyAddressOfEveryWorkloadIsListenedAtAndNoOther() throws Exception {
        listeners.publish(List.of(both));
        assertThat(isOpen(ONE) && isOpen(TWO)).isTrue();
        listeners.publish(List.of(Nouns.workload("w", TWO).make()));
        Until.holds(() -> !isOpen(ONE));
        assertThat(isOpen(TWO)).isTrue();
        listeners.publish(List.of());
        Until.holds(() -> !isOpen(TWO));
    }

    @Test
    void anAddressInUseIsReportedTheOthersWorkAndItIsTriedAgain() throws Exception {
        try (ServerSocket squatter = new ServerSocket(mesh.hbonePort, 1, Nouns.ip(ONE))) {
            assertThat(squatter.isBound()).isTrue();
            listeners.publish(List.of(both));
            assertThat(listeners.problems()).containsOnlyKeys(ONE + ":" + mesh.hbonePort);
            assertThat(isOpen(TWO)).isTrue();
        }
        listeners.retry();
        assertThat(listeners.problems()).isEmpty();
        assertThat(isOpen(ONE)).isTrue();
    }

    @Test
    void aProblemGoesWithTheWorkloadThatHadIt() {
        // An address that this machine does not have (TEST-NET-1, RFC 5737).
        listeners.publish(List.of(Nouns.workload("w", "192.0.2.1").make()));
        assertThat(listeners.problems()).hasSize(1);
        listeners.publish(List.of());
        assertThat(listeners.problems()).isEmpty();
    }

    private boolean isOpen(String address) {
        try (Socket socket = new Socket(Nouns.ip(address), mesh.hbonePort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
