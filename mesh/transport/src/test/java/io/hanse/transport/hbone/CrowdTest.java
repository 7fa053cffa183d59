/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.testing.Until;
import io.hanse.transport.h2.Limit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who come at once: none may keep the others out. */
@Timeout(120)
final class CrowdTest {

    static {
        Leaks.watch();
    }

    private final World world = new World(
            HboneLimits.defaults().withHandshakes(2, Duration.ofSeconds(60)).withMaxPerPeer(1), 1);

    @AfterEach
    void end() throws Exception {
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private static boolean echoes(InetSocketAddress entry) {
        try (Socket socket = World.dial(entry)) {
            socket.getOutputStream().write(7);
            return socket.getInputStream().read() == 7;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void strangersInTheirHandshakeAreBoundedAndDoNotStopAProvedPeer() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        InetSocketAddress entry = world.tunnelled(world.pool(), world.direct(server));
        assertThat(echoes(entry)).isTrue();
        try (Socket first = World.dial(server);
                Socket second = World.dial(server)) {
            Until.holds(() -> isTurnedAway(server));
            assertThat(world.metrics.limits.poll(30, TimeUnit.SECONDS)).isEqualTo(Limit.HANDSHAKES);
            assertThat(echoes(entry)).as("over the connection that is proved").isTrue();
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
        Until.holds(() -> !isTurnedAway(server));
    }

    /** Whether a connection that says nothing is closed at once. */
    private static boolean isTurnedAway(InetSocketAddress server) {
        try (Socket stranger = World.dial(server)) {
            stranger.setSoTimeout(200);
            return stranger.getInputStream().read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aPeerThatHoldsItsShareGetsNoMoreUntilItGivesOneBack() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        TunnelPool one = world.pool();
        InetSocketAddress first = world.tunnelled(one, world.direct(server));
        InetSocketAddress second = world.tunnelled(world.pool(), world.direct(server));
        assertThat(echoes(first)).isTrue();
        assertThat(echoes(second)).isFalse();
        assertThat(world.metrics.limits.poll(30, TimeUnit.SECONDS)).isEqualTo(Limit.CONNECTIONS_PER_PEER);
        assertThat(echoes(first)).isTrue();
        Until.done(one.drain(Duration.ZERO));
        Until.holds(() -> echoes(second));
    }
}
