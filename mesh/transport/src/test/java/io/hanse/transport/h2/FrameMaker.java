/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.SplittableRandom;

/** Makes frames at random: most look right, some are right, some are noise. */
final class FrameMaker {

    private static final int[] WINDOWS = {0, 1, 65_535, 1 << 20, Integer.MAX_VALUE, -1};

    private final SplittableRandom random;
    private final H2Role receiver;
    private final HeaderCodec codec = new HeaderCodec(UnpooledByteBufAllocator.DEFAULT, H2Limits.defaults());
    private int nextStream = 1;
    private boolean whole = true;

    FrameMaker(SplittableRandom random, H2Role receiver) {
        this.random = random;
        this.receiver = receiver;
    }

    /** Whether the receiver waits for nothing: no frame or header block was left open. */
    boolean isWhole() {
        return whole;
    }

    ByteBuf hello() {
        return frame(FrameType.SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER)
                .writeBytes(frame(FrameType.SETTINGS, FrameType.ACK, 0, Unpooled.EMPTY_BUFFER));
    }

    ByteBuf ping() {
        return frame(FrameType.PING, 0, 0, Unpooled.buffer(8).writeZero(8));
    }

    void release() {
        codec.release();
    }

    ByteBuf next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> headers();
            case 3, 4, 5 -> data();
            case 6 -> frame(FrameType.RST_STREAM, 0, stream(), Unpooled.buffer().writeInt(random.nextInt(16)));
            case 7, 8 -> frame(FrameType.WINDOW_UPDATE, 0, stream() & (random.nextInt(3) - 1), window());
            case 9 -> settings();
            case 10 -> frame(FrameType.PING, random.nextInt(2), 0, bytes(8));
            case 11 -> frame(FrameType.PRIORITY, 0, stream(), bytes(random.nextInt(20) == 0 ? 4 : 5));
            case 12 -> frame(10 + random.nextInt(200), random.nextInt(256), stream(), bytes(random.nextInt(50)));
            case 13 -> random.nextInt(6) == 0 ? frame(FrameType.GOAWAY, 0, 0, bytes(8)) : ping();
            case 14 -> random.nextInt(8) == 0 ? noise() : data();
            default -> frame(random.nextInt(10), random.nextInt(256), random.nextInt(6), noiseInFrame());
        };
    }

    private ByteBuf headers() {
        int id = receiver == H2Role.SERVER && random.nextInt(8) > 0 ? nextStream : stream();
        nextStream = Math.max(nextStream, id + 2);
        List<HeaderField> fields = receiver == H2Role.CLIENT
                ? List.of(new HeaderField(":status", random.nextInt(5) == 0 ? "103" : "200"))
                : random.nextInt(8) == 0
                        ? List.of(new HeaderField(":method", "GET"), new HeaderField(":path", "/"))
                        : List.of(new HeaderField(":method", "CONNECT"), new HeaderField(":authority", "a:1"));
        ByteBuf block = codec.encode(id, fields);
        int end = random.nextInt(10) == 0 ? FrameType.END_STREAM : 0;
        if (random.nextInt(5) > 0) {
            return frame(FrameType.HEADERS, FrameType.END_HEADERS | end, id, block);
        }
        ByteBuf first = block.readBytes(block.readableBytes() / 2);
        return frame(FrameType.HEADERS, end, id, first)
                .writeBytes(frame(FrameType.CONTINUATION, FrameType.END_HEADERS, id, block));
    }

    private ByteBuf data() {
        int flags =
                (random.nextInt(10) == 0 ? FrameType.END_STREAM : 0) | (random.nextInt(6) == 0 ? FrameType.PADDED : 0);
        ByteBuf payload = bytes(random.nextInt(random.nextInt(20) == 0 ? 70_000 : 300));
        if ((flags & FrameType.PADDED) != 0 && payload.isReadable()) {
            payload.setByte(0, random.nextInt(1 + Math.min(255, payload.readableBytes())));
        }
        return frame(FrameType.DATA, flags, stream(), payload);
    }

    private ByteBuf settings() {
        ByteBuf payload = Unpooled.buffer();
        for (int n = random.nextInt(4); n > 0; n--) {
            payload.writeShort(random.nextInt(8)).writeInt(random.nextInt(3) == 0 ? random.nextInt() : WINDOWS[2]);
        }
        return frame(FrameType.SETTINGS, 0, 0, payload);
    }

    private ByteBuf window() {
        return Unpooled.buffer().writeInt(WINDOWS[random.nextInt(WINDOWS.length)]);
    }

    private ByteBuf noiseInFrame() {
        whole = false;
        return bytes(random.nextInt(64));
    }

    private ByteBuf noise() {
        whole = false;
        return bytes(1 + random.nextInt(64));
    }

    private int stream() {
        return Math.max(0, nextStream - random.nextInt(6));
    }

    private ByteBuf bytes(int n) {
        byte[] bytes = new byte[n];
        random.nextBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf frame(int type, int flags, int stream, ByteBuf payload) {
        ByteBuf frame = Unpooled.buffer()
                .writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        payload.release();
        return frame;
    }
}
