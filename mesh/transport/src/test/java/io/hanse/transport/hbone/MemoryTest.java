/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import io.hanse.transport.h2.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.Ticker;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory of all buffers runs short: the greedy give way, the others notice nothing. */
@Timeout(120)
final class MemoryTest {

    static {
        Leaks.watch();
    }

    private static final int MIB = 1024 * 1024;

    private static final int MEMORY = 64 * MIB;

    /** Each holds half a MiB at the server, and something at the client: more than there is. */
    private static final int GREEDY_TUNNELS = 120;

    private static final int BLOCK = 32 * 1024;

    private final World world = new World(
            HboneLimits.defaults(),
            new EventLoops(
                    "test",
                    2,
                    Epoll.isAvailable(),
                    new DirectMemory(
                            PlatformDependent::usedDirectMemory,
                            EventLoops.BUFFERS::pinnedDirectMemory,
                            MEMORY,
                            Ticker.systemTicker())));
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        over.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    /** A server whose tunnels lead to something that echoes, or to something that never reads. */
    private InetSocketAddress server() throws Exception {
        InetSocketAddress echo = world.app(World::echo);
        InetSocketAddress sink = world.app(socket -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return world.bind(world.server(
                world.backend,
                request ->
                        request.connect(request.authority().startsWith("sink") ? sink : echo, world.serverStats::add)));
    }

    private InetSocketAddress greedy(InetSocketAddress server) throws Exception {
        return world.tunnelled(
                world.pool(),
                new Route.Direct(
                        server,
                        new TreeSet<>(List.of(world.backend)),
                        world.frontend,
                        "sink.shop.svc.cluster.local:80",
                        RequestHeaders.NONE));
    }

    private InetSocketAddress modest(InetSocketAddress server) throws Exception {
        return world.tunnelled(
                world.pool(),
                new Route.Direct(
                        server,
                        new TreeSet<>(List.of(world.backend)),
                        world.node,
                        "echo.shop.svc.cluster.local:80",
                        RequestHeaders.NONE));
    }

    /** Fills a tunnel for as long as anything is taken. */
    private void pour(InetSocketAddress entry) {
        Socket socket = World.dial(entry);
        open.add(socket);
        Thread.ofVirtual().start(() -> {
            try {
                byte[] block = new byte[BLOCK];
                while (true) {
                    socket.getOutputStream().write(block);
                }
            } catch (IOException e) {
                return; // ended by the other side, or by this test
            }
        });
    }

    private static boolean echoes(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[BLOCK]);
        return socket.getInputStream().readNBytes(BLOCK).length == BLOCK;
    }

    @Test
    void stalledTunnelsOfTheGreedyEndWhileOthersFlowAndNewOnesAreTaken() throws Exception {
        InetSocketAddress server = server();
        InetSocketAddress greedy = greedy(server);
        InetSocketAddress modest = modest(server);
        try (Socket flowing = World.dial(modest)) {
            assertThat(echoes(flowing)).isTrue();
            for (int i = 0; i < GREEDY_TUNNELS; i++) {
                pour(greedy);
                assertThat(echoes(flowing)).as("the flowing tunnel").isTrue();
                try (Socket newcomer = World.dial(modest)) {
                    assertThat(echoes(newcomer)).as("a new tunnel").isTrue();
                }
            }
            Until.holds(() -> world.metrics.limits.contains(Limit.MEMORY));
            assertThat(echoes(flowing)).as("the flowing tunnel").isTrue();
        }
        assertThat(world.serverStats.stream().filter(each -> each.reason() == ReasonCode.LIMIT_EXCEEDED))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.peers()).containsExactly(world.frontend));
        assertThat(world.metrics.limits).containsOnly(Limit.MEMORY);
        assertThat(world.metrics.refused).isEmpty();
    }

    @Test
    void whoComesWhileMemoryIsShortIsRefusedAndTakenWhenItIsFreeAgain() throws Exception {
        InetSocketAddress server = server();
        InetSocketAddress entry = modest(server);
        try (Socket before = World.dial(entry)) {
            assertThat(echoes(before)).isTrue();
            List<ByteBuf> others = new ArrayList<>();
            for (int i = 0; i < MEMORY / MIB; i++) {
                others.add(EventLoops.BUFFERS.directBuffer(MIB, MIB));
            }
            Until.holds(() -> !isTaken(entry));
            assertThat(world.metrics.limits).containsOnly(Limit.MEMORY);
            assertThat(echoes(before)).as("who is in stays").isTrue();
            others.forEach(ByteBuf::release);
            Until.holds(() -> isTaken(entry));
        }
    }

    private static boolean isTaken(InetSocketAddress entry) {
        try (Socket socket = World.dial(entry)) {
            return echoes(socket);
        } catch (IOException e) {
            return false;
        }
    }
}
