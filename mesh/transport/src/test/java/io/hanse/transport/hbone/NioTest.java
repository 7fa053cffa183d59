/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where there is no epoll, the same code runs on the JDK's selectors. */
@Timeout(120)
final class NioTest {

    private final World world = new World(HboneLimits.defaults(), EventLoops.withNio("nio", 2));

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    void aHalfClosedDoubleTunnelStillAnswers() throws Exception {
        assertThat(world.loops.isEpoll()).isFalse();
        EpollTest.callThroughADoubleTunnel(world);
    }
}
