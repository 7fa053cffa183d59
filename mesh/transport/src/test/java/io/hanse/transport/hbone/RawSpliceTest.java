/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls without a tunnel when memory runs short. */
final class RawSpliceTest {

    private static final int MEMORY = 1024;

    private final List<TunnelStats> ended = new ArrayList<>();
    private final AtomicLong inUse = new AtomicLong();
    private final MockTicker clock = Ticker.newMockTicker();
    private final DirectMemory memory = new DirectMemory(inUse::get, inUse::get, MEMORY, clock);
    private final EmbeddedChannel accepted = new EmbeddedChannel();
    private final Reader dialled = new Reader();
    private final Backlogs backlogs = new Backlogs(accepted.eventLoop(), memory, new HeldByPeer(), clock);

    /** Takes what is written for it while it reads. */
    private static final class Reader extends EmbeddedChannel {
        private boolean reads = true;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (reads) {
                super.doWrite(in);
            }
        }
    }

    private final TunnelListener listener = new TunnelListener() {
        @Override
        public void closed(TunnelStats stats) {
            ended.add(stats);
        }
    };

    @AfterEach
    void release() {
        accepted.finishAndReleaseAll();
        dialled.finishAndReleaseAll();
    }

    private void memoryRunsShort() {
        inUse.set(MEMORY);
        clock.advanceMillis(Backlog.JUDGED_OVER.toMillis());
        backlogs.look();
        inUse.set(0);
    }

    private void call() {
        new RawSplice(accepted, dialled, listener, 0, backlogs).start(HeldBytes.of(accepted));
        accepted.writeInbound(Unpooled.directBuffer().writeZero(MEMORY));
    }

    @Test
    void aCallWhoseBytesNobodyTakesGivesWay() {
        dialled.reads = false;
        call();
        memoryRunsShort();
        assertThat(ended)
                .singleElement()
                .satisfies(stats -> assertThat(stats.reason()).isEqualTo(ReasonCode.LIMIT_EXCEEDED));
        assertThat(accepted.isOpen()).isFalse();
        assertThat(dialled.isOpen()).isFalse();
    }

    @Test
    void aCallThatFlowsGoesOn() {
        call();
        memoryRunsShort();
        assertThat(ended).isEmpty();
        ByteBuf arrived = dialled.readOutbound();
        assertThat(arrived.readableBytes()).isEqualTo(MEMORY);
        arrived.release();
    }

    @Test
    void aNewCallIsRefusedWhileMemoryIsShort() {
        inUse.set(MEMORY);
        try (EventLoops loops = new EventLoops("test", 1, false, memory)) {
            InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            new PlainForward(loops, Duration.ofSeconds(5)).forward(accepted, anywhere, listener);
        }
        assertThat(ended)
                .singleElement()
                .satisfies(stats -> assertThat(stats.reason()).isEqualTo(ReasonCode.LIMIT_EXCEEDED));
        assertThat(accepted.isOpen()).isFalse();
    }
}
