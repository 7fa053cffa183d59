/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.ConnectionListener;
import io.hanse.transport.h2.H2Connection;
import io.hanse.transport.h2.H2Limits;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A tunnel's two sides in one burst, which real sockets bring only when a machine is busy. */
final class SpliceTest {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;

    private static final int END_STREAM = 1;

    private static final byte[] CANCEL = {0, 0, 0, 8};

    private static final int MEMORY = 1024;

    private final List<TunnelStats> ended = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final AtomicLong inUse = new AtomicLong();
    private final MockTicker clock = Ticker.newMockTicker();
    private final Reader application = new Reader();
    private final Backlogs backlogs = new Backlogs(
            application.eventLoop(), new DirectMemory(inUse::get, inUse::get, MEMORY, clock), new HeldByPeer(), clock);
    private final H2Connection connection = new H2Connection(
            H2Role.SERVER,
            H2Limits.defaults(),
            new ConnectionListener() {
                @Override
                public void request(H2Stream stream, RequestHead head, boolean end) {
                    stream.answer(200, List.of(), false);
                    List<SpiffeId> peers = List.of(SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/frontend"));
                    new Splice(application, stream, ended::add, peers, 0, backlogs).start(false);
                }

                @Override
                public void limited(Limit limit, String detail) {
                    limits.add(limit);
                }
            },
            H2Metrics.NONE);
    private final Reader tunnel = new Reader(connection);

    /** Takes what is written for it while it reads. */
    private static final class Reader extends EmbeddedChannel {
        private boolean reads = true;

        Reader(ChannelHandler... handlers) {
            super(handlers);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (reads) {
                super.doWrite(in);
            }
        }
    }

    @AfterEach
    void release() {
        tunnel.finishAndReleaseAll();
        application.finishAndReleaseAll();
    }

    @Test
    @DisplayName("bytes and a reset in one burst: the client's reset, though the bytes could not leave any more")
    void aResetRightBehindBytesIsTheClientsReset() {
        open();
        tunnel.writeInbound(frame(DATA, 0, 1, (byte) 'x'), frame(RST_STREAM, 0, 1, CANCEL));
        assertThat(ended).singleElement().satisfies(stats -> {
            assertThat(stats.reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT);
            assertThat(stats.detail()).contains("CANCEL");
        });
        assertThat(application.isOpen()).isFalse();
    }

    /** The application takes nothing of what the client sent, ended and abandoned. */
    private void abandoned() {
        open();
        application.reads = false;
        tunnel.writeInbound(frame(DATA, END_STREAM, 1, new byte[MEMORY]));
        tunnel.writeInbound(frame(RST_STREAM, 0, 1, CANCEL));
        assertThat(ended)
                .singleElement()
                .satisfies(stats -> assertThat(stats.reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT));
        assertThat(application.isOpen()).as("it may still read").isTrue();
    }

    private void memoryRunsShort() {
        inUse.set(MEMORY);
        clock.advanceMillis(Backlog.JUDGED_OVER.toMillis());
        backlogs.look();
        inUse.set(0);
    }

    @Test
    void anAbandonedTunnelDoesNotWaitForEverForAnApplicationThatDoesNotRead() {
        abandoned();
        application.advanceTimeBy(10, TimeUnit.SECONDS);
        application.runScheduledPendingTasks();
        assertThat(application.isOpen()).isFalse();
        assertThat(ended).hasSize(1);
    }

    @Test
    void anAbandonedTunnelEndsAtOnceWhenTheApplicationTakesTheRest() {
        abandoned();
        application.reads = true;
        application.flush();
        assertThat(application.isOpen()).isFalse();
        ByteBuf rest = application.readOutbound();
        assertThat(rest.readableBytes()).isEqualTo(MEMORY);
        rest.release();
    }

    @Test
    void whatAnAbandonedTunnelLeftForTheApplicationGivesWayWhenMemoryIsShort() {
        abandoned();
        memoryRunsShort();
        assertThat(application.isOpen()).isFalse();
        assertThat(limits).containsExactly(Limit.MEMORY);
        assertThat(ended).hasSize(1);
    }

    @Test
    void whatAnEndedTunnelLeftForAPeerWithoutCreditGivesWayWhenMemoryIsShort() {
        open();
        application.writeInbound(Unpooled.directBuffer().writeZero(100_000));
        application.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        tunnel.writeInbound(frame(DATA, END_STREAM, 1));
        assertThat(ended)
                .singleElement()
                .satisfies(stats -> assertThat(stats.reason()).isEqualTo(ReasonCode.OK));
        assertThat(connection.activeStreams()).isEqualTo(1);
        memoryRunsShort();
        assertThat(connection.activeStreams()).isZero();
        assertThat(limits).containsExactly(Limit.MEMORY);
        assertThat(ended).hasSize(1);
    }

    @Test
    void aDrainedConnectionClosesBehindWhatThePeerHasNotReadYet() {
        open();
        connection.drain();
        tunnel.advanceTimeBy(2, TimeUnit.SECONDS);
        tunnel.runScheduledPendingTasks();
        tunnel.reads = false;
        application.writeInbound(Unpooled.directBuffer().writeZero(MEMORY));
        application.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        tunnel.writeInbound(frame(DATA, END_STREAM, 1));
        assertThat(connection.activeStreams()).isZero();
        assertThat(tunnel.isOpen()).as("bytes wait").isTrue();
        tunnel.reads = true;
        tunnel.flush();
        assertThat(tunnel.isOpen()).isFalse();
        assertThat(tunnel.outboundMessages().stream()
                        .mapToInt(each -> ((ByteBuf) each).readableBytes())
                        .sum())
                .isGreaterThan(MEMORY);
    }

    private void open() {
        tunnel.writeInbound(
                Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII),
                frame(SETTINGS, 0, 0),
                frame(HEADERS, 4, 1, block()));
    }

    /** {@code :method} CONNECT, {@code :authority} a:1. */
    private static byte[] block() {
        return "\2\7CONNECT\1\3a:1".getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf frame(int type, int flags, int stream, byte... payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }
}
