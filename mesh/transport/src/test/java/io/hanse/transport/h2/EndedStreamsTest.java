/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.hbone.Leaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that lets streams speak, takes nothing of it and resets them: nothing of them stays. */
@Timeout(60)
final class EndedStreamsTest {

    static {
        Leaks.watch();
    }

    private static final int STREAMS = 1_000;

    private final H2Connection connection =
            new H2Connection(H2Role.SERVER, H2Limits.defaults(), new Talker(), H2Metrics.NONE);
    private final EmbeddedChannel channel = new EmbeddedChannel(connection);
    private int heldUp;

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
        assertThat(Leaks.found()).isEmpty();
    }

    /** Writes to every stream as much as the whole connection may send without credit, and waits for a chance to go on. */
    private final class Talker implements ConnectionListener {
        @Override
        public void request(H2Stream stream, RequestHead head, boolean ended) {
            stream.listen(new Deaf());
            stream.answer(200, List.of(), false);
            stream.write(Unpooled.wrappedBuffer(new byte[Outbound.DEFAULT_WINDOW]));
            if (!stream.isWritable()) {
                heldUp++;
            }
        }

        @Override
        public void closed(ReasonCode reason, String detail) {}
    }

    private static final class Deaf implements StreamListener {
        @Override
        public void data(ByteBuf chunk) {
            chunk.release();
        }

        @Override
        public void inputEnded() {}

        @Override
        public void failed(H2Code code, ReasonCode reason) {}

        @Override
        public void writable() {}
    }

    private void openAndReset(int id) {
        channel.writeInbound(frame(
                FrameType.HEADERS,
                FrameType.END_HEADERS,
                id,
                "\2\7CONNECT\1\3a:1".getBytes(StandardCharsets.US_ASCII)));
        channel.writeInbound(frame(FrameType.RST_STREAM, 0, id, new byte[] {0, 0, 0, 8}));
    }

    private void hello() {
        channel.writeInbound(FrameReader.PREFACE.copy(), frame(FrameType.SETTINGS, 0, 0, new byte[0]));
    }

    @Test
    void streamsWithoutCreditOfTheConnectionLeaveNothingBehind() {
        hello();
        for (int i = 0; i < STREAMS; i++) {
            openAndReset(2 * i + 1);
        }
        assertThat(heldUp).isEqualTo(STREAMS);
        assertThat(connection.isOver()).isFalse();
        assertThat(connection.outbound().streamsThatWait()).isZero();
    }

    @Test
    void streamsBehindAChannelThatTakesNothingLeaveNothingBehind() {
        hello();
        channel.writeInbound(frame(FrameType.WINDOW_UPDATE, 0, 0, new byte[] {0x7f, 0, 0, 0}));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        for (int i = 0; i < STREAMS; i++) {
            openAndReset(2 * i + 1);
        }
        assertThat(heldUp).isEqualTo(STREAMS);
        assertThat(connection.isOver()).isFalse();
        assertThat(connection.outbound().streamsThatWait()).isZero();
    }

    private static ByteBuf frame(int type, int flags, int stream, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }
}
