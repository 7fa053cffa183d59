/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.Until;
import io.hanse.transport.hbone.Leaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames made by hand against the server role; what it answers is read back frame by frame. */
@Timeout(60)
final class FloodTest {

    static {
        Leaks.watch();
    }

    private record Frame(int type, int flags, int stream, ByteBuf payload) {
        int code() {
            return type == FrameType.GOAWAY ? payload.getInt(4) : payload.getInt(0);
        }
    }

    private final Acceptor acceptor = new Acceptor();
    private final H2Connection connection =
            new H2Connection(H2Role.SERVER, H2Limits.defaults(), acceptor, H2Metrics.NONE);
    private final EmbeddedChannel channel = new EmbeddedChannel(connection);
    private final HeaderCodec codec =
            new HeaderCodec(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, H2Limits.defaults());

    @AfterEach
    void end() {
        codec.release();
        channel.finishAndReleaseAll();
        assertThat(Leaks.found()).isEmpty();
    }

    /** Answers 200 to all and keeps what arrives. */
    private static final class Acceptor implements ConnectionListener {
        final List<RequestHead> heads = new ArrayList<>();
        final StringBuilder data = new StringBuilder();
        final List<H2Stream> streams = new ArrayList<>();
        ReasonCode closed = ReasonCode.OK;
        boolean answering = true;
        boolean refusing;

        @Override
        public void request(H2Stream stream, RequestHead head, boolean ended) {
            heads.add(head);
            streams.add(stream);
            stream.listen(new StreamListener() {
                @Override
                public void data(ByteBuf chunk) {
                    data.append(chunk.toString(StandardCharsets.US_ASCII));
                    chunk.release();
                }

                @Override
                public void inputEnded() {
                    data.append('$');
                }

                @Override
                public void failed(H2Code code, ReasonCode reason) {
                    data.append('!').append(code);
                }

                @Override
                public void writable() {}
            });
            if (refusing) {
                stream.answer(503, List.of(), true);
            } else if (answering) {
                stream.answer(200, List.of(), false);
            }
        }

        @Override
        public void closed(ReasonCode reason, String detail) {
            closed = reason;
        }
    }

    private static ByteBuf frame(int type, int flags, int stream, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    private void send(int type, int flags, int stream, byte... payload) {
        if (channel.isOpen()) {
            channel.writeInbound(frame(type, flags, stream, payload));
        }
    }

    private void hello() {
        channel.writeInbound(FrameReader.PREFACE.copy());
        send(FrameType.SETTINGS, 0, 0);
        send(FrameType.SETTINGS, FrameType.ACK, 0);
    }

    private byte[] block(String... namesAndValues) {
        List<HeaderField> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new HeaderField(namesAndValues[i], namesAndValues[i + 1]));
        }
        ByteBuf encoded = codec.encode(1, fields);
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        encoded.release();
        return bytes;
    }

    private void connect(int stream) {
        send(FrameType.HEADERS, FrameType.END_HEADERS, stream, block(":method", "CONNECT", ":authority", "a:1"));
    }

    private List<Frame> answers() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            all.writeBytes(each);
            each.release();
        }
        List<Frame> frames = new ArrayList<>();
        while (all.isReadable()) {
            byte[] payload = new byte[all.readUnsignedMedium()];
            int type = all.readUnsignedByte();
            int flags = all.readUnsignedByte();
            int stream = all.readInt();
            all.readBytes(payload);
            frames.add(new Frame(type, flags, stream, Unpooled.wrappedBuffer(payload)));
        }
        return frames;
    }

    private void goesAwayWith(H2Code code) {
        assertThat(answers())
                .filteredOn(frame -> frame.type() == FrameType.GOAWAY)
                .extracting(Frame::code)
                .containsExactly(code.wire());
    }

    private static List<Integer> lastStreams(List<Frame> frames) {
        Stream<Frame> goAways = frames.stream().filter(frame -> frame.type() == FrameType.GOAWAY);
        return goAways.map(frame -> frame.payload().getInt(0)).toList();
    }

    private void resets(int stream, H2Code code) {
        assertThat(answers())
                .filteredOn(frame -> frame.type() == FrameType.RST_STREAM)
                .extracting(Frame::stream, Frame::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(stream, code.wire()));
    }

    private void flood(Consumer<Integer> one) {
        // On a slow machine its time to linger is over before the flood is.
        for (int i = 0; i < 20_000 && channel.isOpen(); i++) {
            one.accept(i);
        }
        goesAwayWith(H2Code.ENHANCE_YOUR_CALM);
        assertThat(acceptor.closed).isEqualTo(ReasonCode.LIMIT_EXCEEDED);
    }

    @Test
    void pingFloodEndsTheConnection() {
        hello();
        flood(i -> send(FrameType.PING, 0, 0, new byte[8]));
    }

    @Test
    void settingsFloodEndsTheConnection() {
        hello();
        flood(i -> send(FrameType.SETTINGS, 0, 0));
    }

    @Test
    void priorityFloodEndsTheConnection() {
        hello();
        flood(i -> send(FrameType.PRIORITY, 0, 1, new byte[5]));
    }

    @Test
    void emptyDataFloodEndsTheConnection() {
        hello();
        connect(1);
        flood(i -> send(FrameType.DATA, 0, 1));
    }

    @Test
    void windowUpdateFloodEndsTheConnection() {
        hello();
        flood(i -> send(FrameType.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1));
    }

    @Test
    void unknownFramesInMassesEndTheConnectionAndAFewAreIgnored() {
        hello();
        send(0x42, 0, 0, new byte[7]);
        assertThat(answers()).noneMatch(frame -> frame.type() == FrameType.GOAWAY);
        flood(i -> send(0x42, 0, 0, new byte[7]));
    }

    @Test
    @DisplayName("CVE-2023-44487: streams reset before they are answered end the connection")
    void rapidResetEndsTheConnection() {
        acceptor.answering = false;
        hello();
        flood(i -> {
            connect(2 * i + 1);
            send(FrameType.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
        });
    }

    @Test
    void streamsThatWaitedASecondInVainAreNoFlood() throws Exception {
        EmbeddedChannel patient =
                new EmbeddedChannel(new H2Connection(H2Role.SERVER, Few.resets(10), acceptor, H2Metrics.NONE));
        acceptor.answering = false;
        patient.writeInbound(FrameReader.PREFACE.copy(), frame(FrameType.SETTINGS, 0, 0, new byte[0]));
        byte[] block = block(":method", "CONNECT", ":authority", "a:1");
        for (int id = 1; id < 40; id += 2) {
            patient.writeInbound(frame(FrameType.HEADERS, FrameType.END_HEADERS, id, block));
        }
        long began = System.nanoTime();
        Until.holds(() -> System.nanoTime() - began > 1_000_000_000);
        for (int id = 1; id < 40; id += 2) {
            patient.writeInbound(frame(FrameType.RST_STREAM, 0, id, new byte[] {0, 0, 0, 8}));
        }
        assertThat(acceptor.closed).isEqualTo(ReasonCode.OK);
        assertThat(acceptor.data.toString()).isEqualTo("!CANCEL".repeat(20));
        patient.finishAndReleaseAll();
    }

    @Test
    void manyTunnelsThatEndByResetAreNoFlood() {
        hello();
        for (int i = 0; i < 5_000; i++) {
            connect(2 * i + 1);
            send(FrameType.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 10});
        }
        assertThat(answers()).noneMatch(frame -> frame.type() == FrameType.GOAWAY);
    }

    @Test
    @DisplayName("CVE-2024-27919: CONTINUATION without end ends the connection")
    void continuationFloodEndsTheConnection() {
        hello();
        send(FrameType.HEADERS, 0, 1);
        flood(i -> send(FrameType.CONTINUATION, 0, 1));
    }

    @Test
    void aHeaderBlockOverTheLimitEndsTheConnection() {
        hello();
        send(
                FrameType.HEADERS,
                FrameType.END_HEADERS,
                1,
                block(":method", "CONNECT", ":authority", "a:1", "x", "y".repeat(20_000)));
        goesAwayWith(H2Code.ENHANCE_YOUR_CALM);
    }

    @Test
    void moreHeadersThanAHundredEndTheConnection() {
        hello();
        String[] many = new String[4 + 2 * 101];
        many[0] = ":method";
        many[1] = "CONNECT";
        many[2] = ":authority";
        many[3] = "a:1";
        for (int i = 4; i < many.length; i += 2) {
            many[i] = "x" + i;
            many[i + 1] = "y";
        }
        send(FrameType.HEADERS, FrameType.END_HEADERS, 1, block(many));
        goesAwayWith(H2Code.ENHANCE_YOUR_CALM);
    }

    @Test
    void paddedDataAndContinuedHeadersAreUnderstood() {
        hello();
        byte[] block = block(":method", "CONNECT", ":authority", "a:1", "k", "v");
        send(FrameType.HEADERS, 0, 1, java.util.Arrays.copyOf(block, 3));
        send(FrameType.CONTINUATION, FrameType.END_HEADERS, 1, java.util.Arrays.copyOfRange(block, 3, block.length));
        send(FrameType.DATA, FrameType.PADDED | FrameType.END_STREAM, 1, new byte[] {2, 'h', 'i', 0, 0});
        assertThat(acceptor.heads)
                .containsExactly(new RequestHead("CONNECT", "a:1", List.of(new HeaderField("k", "v"))));
        assertThat(acceptor.data).hasToString("hi$");
    }

    @Test
    void framesMayArriveByteByByte() {
        ByteBuf all = Unpooled.buffer().writeBytes(FrameReader.PREFACE.duplicate());
        all.writeBytes(frame(FrameType.SETTINGS, 0, 0, new byte[0]));
        all.writeBytes(
                frame(FrameType.HEADERS, FrameType.END_HEADERS, 1, block(":method", "CONNECT", ":authority", "a:1")));
        all.writeBytes(frame(FrameType.DATA, FrameType.PADDED, 1, new byte[] {1, 'o', 'k', 0}));
        while (all.isReadable()) {
            channel.writeInbound(all.readBytes(1));
        }
        assertThat(acceptor.data).hasToString("ok");
    }

    @Test
    @DisplayName("RFC 9113 8.5: CONNECT with :path is malformed")
    void connectWithPathIsMalformed() {
        hello();
        send(
                FrameType.HEADERS,
                FrameType.END_HEADERS,
                1,
                block(":method", "CONNECT", ":authority", "a:1", ":path", "/", ":scheme", "https"));
        resets(1, H2Code.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 8.3: a pseudo-header behind a field is malformed")
    void latePseudoHeaderIsMalformed() {
        hello();
        // Netty's encoder would put it in front: written as two literals without indexing, by hand.
        byte[] block = {0, 1, 'x', 1, 'y', 2, 7, 'C', 'O', 'N', 'N', 'E', 'C', 'T', 1, 3, 'a', ':', '1'};
        send(FrameType.HEADERS, FrameType.END_HEADERS, 1, block);
        resets(1, H2Code.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 8.2.2: connection-specific fields are malformed")
    void connectionFieldsAreMalformed() {
        hello();
        send(
                FrameType.HEADERS,
                FrameType.END_HEADERS,
                1,
                block(":method", "CONNECT", ":authority", "a:1", "transfer-encoding", "chunked"));
        resets(1, H2Code.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 5.1: DATA behind END_STREAM is STREAM_CLOSED")
    void dataAfterEndIsAStreamError() {
        hello();
        connect(1);
        send(FrameType.DATA, FrameType.END_STREAM, 1, (byte) 'x');
        send(FrameType.DATA, 0, 1, (byte) 'y');
        resets(1, H2Code.STREAM_CLOSED);
        assertThat(acceptor.data.toString()).startsWith("x$!").doesNotContain("y");
    }

    @Test
    @DisplayName("RFC 9113 6.9.1: more DATA than the stream window is FLOW_CONTROL_ERROR")
    void tooMuchDataIsAFlowControlError() {
        hello();
        connect(1);
        send(FrameType.DATA, 0, 1, new byte[200 * 1024]);
        send(FrameType.DATA, 0, 1, new byte[100 * 1024]);
        resets(1, H2Code.FLOW_CONTROL_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 3.4: bytes that are no preface end the connection")
    void noPrefaceEndsTheConnection() {
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        goesAwayWith(H2Code.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 4.2: a frame over SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR")
    void tooLongAFrameEndsTheConnection() {
        hello();
        connect(1);
        channel.writeInbound(
                Unpooled.buffer().writeMedium(262_145).writeByte(0).writeByte(0).writeInt(1));
        goesAwayWith(H2Code.FRAME_SIZE_ERROR);
    }

    @Test
    @DisplayName("RFC 9113 5.1.2: streams over SETTINGS_MAX_CONCURRENT_STREAMS are REFUSED_STREAM")
    void tooManyStreamsAreRefused() {
        hello();
        for (int i = 0; i < 201; i++) {
            connect(2 * i + 1);
        }
        resets(401, H2Code.REFUSED_STREAM);
        assertThat(acceptor.heads).hasSize(200);
    }

    @Test
    @DisplayName("RFC 9113 6.8: DATA of a stream beyond the last word is ignored, the tunnels that run are not harmed")
    void whatComesTooLateForADrainHarmsNobody() {
        hello();
        connect(1);
        connection.drain();
        channel.advanceTimeBy(2, java.util.concurrent.TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        answers();
        connect(3);
        send(FrameType.DATA, 0, 3, new byte[10_000]);
        send(FrameType.DATA, 0, 1, (byte) 'x');
        assertThat(answers()).noneMatch(frame -> frame.type() == FrameType.GOAWAY);
        assertThat(acceptor.data).hasToString("x");
        assertThat(acceptor.heads).hasSize(1);
    }

    @Test
    @DisplayName(
            "RFC 9113 6.8: a drain before the client's SETTINGS gives notice after them; its first request is served")
    void whoIsStillStartingIsGivenNotice() {
        connection.drain();
        hello();
        connect(1);
        List<Frame> said = answers();
        assertThat(lastStreams(said)).containsExactly(Integer.MAX_VALUE);
        said.stream()
                .filter(frame -> frame.type() == FrameType.PING)
                .forEach(ping ->
                        send(FrameType.PING, FrameType.ACK, 0, ping.payload().array()));
        assertThat(lastStreams(answers())).containsExactly(1);
        acceptor.streams.getFirst().end();
        send(FrameType.DATA, FrameType.END_STREAM, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    @DisplayName(
            "RFC 7541 4.2: however often the peer changes the table, the next block carries two instructions at most")
    void tableSizesToAndFroDoNotPileUp() {
        hello();
        for (int i = 0; i < 400; i++) {
            send(FrameType.SETTINGS, 0, 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            send(FrameType.SETTINGS, 0, 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 16, (byte) 0);
        }
        answers();
        connect(1);
        assertThat(answers())
                .filteredOn(frame -> frame.type() == FrameType.HEADERS)
                .singleElement()
                .satisfies(frame -> assertThat(frame.payload().readableBytes()).isLessThan(10));
    }

    @Test
    void answersThatNobodyReadsEndTheConnection() {
        // A refusal each, of which none leaves: the channel is never written to the end.
        acceptor.refusing = true;
        hello();
        answers();
        channel.config().setWriteBufferWaterMark(new io.netty.channel.WriteBufferWaterMark(1, 2));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        int asked = 0;
        while (acceptor.closed == ReasonCode.OK && asked < 20_000) {
            send(
                    FrameType.HEADERS,
                    FrameType.END_HEADERS | FrameType.END_STREAM,
                    2 * asked++ + 1,
                    block(":method", "CONNECT", ":authority", "a:1"));
        }
        assertThat(acceptor.closed).isEqualTo(ReasonCode.LIMIT_EXCEEDED);
        assertThat(asked).isBetween(3_000, 5_000);
    }

    @Test
    void whatWasWrittenWaitsForCreditAndThenGoesOut() {
        hello();
        connect(1);
        acceptor.streams.getFirst().write(Unpooled.wrappedBuffer(new byte[100_000]));
        acceptor.streams.getFirst().end();
        channel.runPendingTasks();
        assertThat(dataBytes(answers())).isEqualTo(65_535);
        send(FrameType.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0);
        send(FrameType.WINDOW_UPDATE, 0, 1, (byte) 0, (byte) 1, (byte) 0, (byte) 0);
        List<Frame> rest = answers();
        assertThat(dataBytes(rest)).isEqualTo(100_000 - 65_535);
        assertThat(rest.getLast().flags()).isEqualTo(FrameType.END_STREAM);
    }

    private static int dataBytes(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == FrameType.DATA)
                .mapToInt(frame -> frame.payload().readableBytes())
                .sum();
    }
}
