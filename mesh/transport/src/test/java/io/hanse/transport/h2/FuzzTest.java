/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames at random, some lawful, some not, into a connection whose owner behaves at random too. Whatever comes: nothing is
 * thrown, every byte of memory comes back, and the connection is over or still answers a PING. A failure names its seed;
 * {@code -Dhanse.fuzz.seed=<seed>} plays that sequence alone.
 */
@Timeout(300)
final class FuzzTest {

    private static final int SEQUENCES = 10_000;

    private static final long LINGER_SECONDS = 2;

    /** Beyond every frame of ours in these tests. */
    private static final int LARGEST_FRAME = 300_000;

    private static final String SEED = "hanse.fuzz.seed";

    @ParameterizedTest
    @EnumSource(H2Role.class)
    void neverThrowsNorLeaksAndEndsOrStaysLawful(H2Role role) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            new Sequence(role, only).play();
            return;
        }
        for (long seed = 0; seed < SEQUENCES; seed++) {
            new Sequence(role, seed).play();
        }
    }

    /** One connection and what is done to it. */
    private static final class Sequence implements ConnectionListener {

        private final H2Role role;
        private final long seed;
        private final SplittableRandom random;
        private final FrameMaker frames;
        private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final List<H2Stream> streams = new ArrayList<>();
        private final H2Connection connection;
        private ReasonCode closed = ReasonCode.OK;
        private String closedDetail = "";
        private boolean saidEnd;
        private boolean answeredPing;

        Sequence(H2Role role, long seed) {
            this.role = role;
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.frames = new FrameMaker(random, role);
            channel.config().setAllocator(allocator);
            connection = new H2Connection(role, H2Limits.defaults(), this, H2Metrics.NONE);
        }

        void play() {
            channel.pipeline().addLast(connection);
            if (role == H2Role.SERVER) {
                hears(FrameReader.PREFACE.copy());
            }
            hears(frames.hello());
            int turns = 1 + random.nextInt(40);
            for (int i = 0; i < turns && channel.isOpen(); i++) {
                turn();
            }
            if (channel.isOpen() && frames.isWhole()) {
                answeredPing = false;
                hears(frames.ping());
                reads();
                if (!saidEnd && channel.isOpen()) {
                    assertThat(answeredPing)
                            .as("seed %d: alive, so it answers", seed)
                            .isTrue();
                }
            }
            if (saidEnd) {
                channel.advanceTimeBy(LINGER_SECONDS, TimeUnit.SECONDS);
                channel.runScheduledPendingTasks();
                assertThat(channel.isOpen())
                        .as("seed %d: open after its last word", seed)
                        .isFalse();
            }
            channel.finishAndReleaseAll();
            frames.release();
            nothingLeft();
        }

        private void nothingLeft() {
            // Without sockets nothing but a bug brings a detail with a lost peer.
            assertThat(closed == ReasonCode.RESET_BY_CLIENT || closed == ReasonCode.RESET_BY_SERVER ? closedDetail : "")
                    .as("seed %d: thrown", seed)
                    .isEmpty();
            assertThat(allocator.metric().usedDirectMemory()
                            + allocator.metric().usedHeapMemory())
                    .as("seed %d: bytes not given back", seed)
                    .isZero();
        }

        private void turn() {
            if (role == H2Role.CLIENT && connection.availableStreams() > 0 && random.nextInt(3) == 0) {
                opened(connection.open("a:1", List.of(), random.nextInt(8) == 0, new Owner()));
            }
            switch (random.nextInt(24)) {
                case 0 -> connection.drain();
                case 1 -> channel.advanceTimeBy(random.nextInt(12), TimeUnit.SECONDS);
                default -> hears(frames.next());
            }
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
            reads();
        }

        private void hears(ByteBuf bytes) {
            // In pieces as TCP would cut them, several of them in one burst.
            List<Object> pieces = new ArrayList<>();
            while (bytes.isReadable()) {
                int n = Math.min(bytes.readableBytes(), 1 + random.nextInt(1 + random.nextInt(200)));
                pieces.add(allocator.directBuffer(n, n).writeBytes(bytes, n));
            }
            bytes.release();
            if (channel.isOpen()) {
                channel.writeInbound(pieces.toArray());
            } else {
                pieces.forEach(piece -> ((ByteBuf) piece).release());
            }
            channel.checkException();
        }

        /** All it says must be frames. */
        private void reads() {
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
                all.writeBytes(each);
                each.release();
            }
            if (all.readableBytes() >= 24 && all.getByte(0) == 'P') {
                all.skipBytes(24);
            }
            while (all.isReadable()) {
                int length = all.readUnsignedMedium();
                int type = all.readUnsignedByte();
                int flags = all.readUnsignedByte();
                all.skipBytes(4);
                assertThat(length).as("seed %d", seed).isLessThan(LARGEST_FRAME);
                assertThat(all.readableBytes())
                        .as("seed %d: a whole frame", seed)
                        .isGreaterThanOrEqualTo(length);
                saidEnd |= type == FrameType.GOAWAY && all.getInt(all.readerIndex() + 4) != 0;
                answeredPing |= type == FrameType.PING && (flags & FrameType.ACK) != 0;
                all.skipBytes(length);
            }
        }

        // ---- the owner, on a whim

        @Override
        public void request(H2Stream stream, RequestHead head, boolean ended) {
            stream.listen(new Owner());
            opened(stream);
            switch (random.nextInt(6)) {
                case 0 -> stream.answer(503, List.of(new HeaderField("hanse-reason", "NO_ENDPOINT")), true);
                case 1 -> stream.reset(H2Code.CANCEL);
                case 2 -> stream.blame();
                case 3 -> {}
                default -> stream.answer(200, List.of(), false);
            }
        }

        private void opened(H2Stream stream) {
            streams.add(stream);
            if (streams.size() > 8) {
                streams.removeFirst();
            }
            act(streams.get(random.nextInt(streams.size())));
        }

        private void act(H2Stream stream) {
            switch (random.nextInt(8)) {
                case 0 -> stream.end();
                case 1 -> stream.reset(H2Code.CONNECT_ERROR);
                case 2 -> stream.consumed(random.nextInt(1_000));
                case 3 -> stream.isWritable();
                case 4 -> connection.drain();
                default -> {
                    int n = random.nextInt(40_000);
                    // Only a server that has answered, or a client that was answered, has bytes to send.
                    if (role == H2Role.CLIENT || stream.isAnswered()) {
                        stream.write(allocator
                                .directBuffer(n + 9)
                                .writerIndex(9)
                                .readerIndex(9)
                                .writeZero(n));
                    }
                }
            }
        }

        @Override
        public void closed(ReasonCode reason, String detail) {
            closed = reason;
            closedDetail = detail;
        }

        private final class Owner implements StreamListener {
            @Override
            public void data(ByteBuf chunk) {
                int n = chunk.readableBytes();
                chunk.release();
                if (random.nextInt(4) > 0 && !streams.isEmpty()) {
                    streams.getLast().consumed(n);
                }
                if (random.nextInt(10) == 0 && !streams.isEmpty()) {
                    act(streams.get(random.nextInt(streams.size())));
                }
            }

            @Override
            public void inputEnded() {
                if (random.nextBoolean() && !streams.isEmpty()) {
                    streams.getLast().end();
                }
            }

            @Override
            public void failed(H2Code code, ReasonCode reason) {}

            @Override
            public void writable() {}
        }
    }
}
