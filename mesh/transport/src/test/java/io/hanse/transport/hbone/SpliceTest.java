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
import io.hanse.transport.h2.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A tunnel's two sides in one burst, which real sockets bring only when a machine is busy. */
final class SpliceTest {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;

    private final List<TunnelStats> ended = new ArrayList<>();
    private final EmbeddedChannel application = new EmbeddedChannel();
    private final EmbeddedChannel tunnel = new EmbeddedChannel(new H2Connection(
            H2Role.SERVER,
            H2Limits.defaults(),
            new ConnectionListener() {
                @Override
                public void request(H2Stream stream, RequestHead head, boolean end) {
                    stream.answer(200, List.of(), false);
                    List<SpiffeId> peers = List.of(SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/frontend"));
                    Backlogs backlogs = new Backlogs(
                            application.eventLoop(), DirectMemory.ofProcess(), new HeldByPeer(), Ticker.systemTicker());
                    new Splice(application, stream, ended::add, peers, 0, backlogs).start(false);
                }
            },
            H2Metrics.NONE));

    @AfterEach
    void release() {
        tunnel.finishAndReleaseAll();
        application.finishAndReleaseAll();
    }

    @Test
    @DisplayName("bytes and a reset in one burst: the client's reset, though the bytes could not leave any more")
    void aResetRightBehindBytesIsTheClientsReset() {
        tunnel.writeInbound(
                Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII),
                frame(SETTINGS, 0, 0),
                frame(HEADERS, 4, 1, block()));
        tunnel.writeInbound(
                frame(DATA, 0, 1, (byte) 'x'), frame(RST_STREAM, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
        assertThat(ended).singleElement().satisfies(stats -> {
            assertThat(stats.reason()).isEqualTo(ReasonCode.RESET_BY_CLIENT);
            assertThat(stats.detail()).contains("CANCEL");
        });
        assertThat(application.isOpen()).isFalse();
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
