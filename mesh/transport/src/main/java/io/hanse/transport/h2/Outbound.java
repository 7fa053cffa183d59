/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending half of a connection: writes frames, keeps both flow-control windows (RFC 9113 5.2), shares the connection
 * window among streams in turn, and flushes once per burst.
 *
 * <p>A DATA frame's header is written into the head room that {@link HeadRoomAllocator} leaves in front of what was read
 * from a socket, so a payload goes to TLS as one buffer; without head room the header is a buffer of its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // failed writes show as a closed channel
final class Outbound {

    /** RFC 9113 6.9.2 and 6.5.2: what holds until the peer's SETTINGS. */
    static final int DEFAULT_WINDOW = 65_535;

    static final int DEFAULT_FRAME = 16_384;

    private final ChannelHandlerContext ctx;
    private final FloodGuard floods;
    private final HeaderCodec codec;
    private final Runnable flushTask = this::flushNow;
    /** Streams with bytes to send and credit of their own. */
    private final ArrayDeque<H2Stream> ready = new ArrayDeque<>();
    /** Streams whose writer waits for the TLS channel to become writable. */
    private final ArrayDeque<H2Stream> waiting = new ArrayDeque<>();

    private int window = DEFAULT_WINDOW;
    private int peerInitialWindow = DEFAULT_WINDOW;
    private int peerMaxFrame = DEFAULT_FRAME;
    private boolean flushDue;
    private boolean inRead;
    private int answersHeldUp;
    private long written;

    Outbound(ChannelHandlerContext ctx, FloodGuard floods, HeaderCodec codec) {
        this.ctx = ctx;
        this.floods = floods;
        this.codec = codec;
    }

    int peerInitialWindow() {
        return peerInitialWindow;
    }

    int peerMaxFrame() {
        return peerMaxFrame;
    }

    void peerMaxFrame(int bytes) {
        peerMaxFrame = bytes;
    }

    void peerInitialWindow(int bytes) {
        peerInitialWindow = bytes;
    }

    boolean isChannelWritable() {
        return ctx.channel().isWritable();
    }

    /** Frames other than DATA that wait behind a peer who does not read. */
    int answersHeldUp() {
        return answersHeldUp;
    }

    /** Bytes of all frames so far. */
    long written() {
        return written;
    }

    // ---- flow control

    /** Adds credit for the connection; false if the window would exceed 2^31-1. */
    boolean grow(int increment) {
        long grown = (long) window + increment;
        if (grown > Integer.MAX_VALUE) {
            return false;
        }
        window = (int) grown;
        pump();
        return true;
    }

    /** A stream got credit. */
    void credited(H2Stream stream) {
        enqueue(stream);
        pump();
    }

    void waitForChannel(H2Stream stream) {
        waiting.add(stream);
    }

    /** The TLS channel is writable again. */
    void channelWritable() {
        answersHeldUp = 0;
        for (int n = waiting.size(); n > 0 && ctx.channel().isWritable(); n--) {
            H2Stream next = waiting.poll();
            if (next == null) {
                return; // one that was told so ended others
            }
            next.becameWritable();
        }
    }

    /** The stream has ended: who never gives credit, or never reads, must not make the queues hold what is over. */
    void forget(H2Stream stream) {
        if (stream.isQueued()) {
            stream.queued(false);
            ready.remove(stream);
        }
        waiting.removeIf(stream::equals);
    }

    /** How many streams wait for credit of the connection or for the channel. */
    int streamsThatWait() {
        return ready.size() + waiting.size();
    }

    void data(H2Stream stream, ByteBuf data) {
        int n = data.readableBytes();
        if (stream.pending().isEmpty()
                && ready.isEmpty()
                && n <= stream.sendWindow()
                && n <= window
                && n <= peerMaxFrame) {
            emit(stream, data, n, 0);
        } else {
            stream.pending().add(data);
            enqueue(stream);
            pump();
        }
    }

    /** An empty DATA frame that ends the stream. */
    void end(H2Stream stream) {
        control(header(0, FrameType.DATA, FrameType.END_STREAM, stream.id(), 0));
    }

    private void enqueue(H2Stream stream) {
        if (!stream.isQueued() && stream.sendWindow() > 0 && !stream.pending().isEmpty()) {
            stream.queued(true);
            ready.add(stream);
        }
    }

    private void pump() {
        while (window > 0) {
            H2Stream stream = ready.poll();
            if (stream == null) {
                return;
            }
            stream.queued(false);
            ByteBuf first = stream.pending().peek();
            if (first != null && stream.sendWindow() > 0) {
                sendFrom(stream, first);
            }
        }
    }

    private void sendFrom(H2Stream stream, ByteBuf first) {
        int whole = first.readableBytes();
        int n = Math.min(Math.min(whole, stream.sendWindow()), Math.min(window, peerMaxFrame));
        if (n < whole) {
            emit(stream, first.readRetainedSlice(n), n, 0);
            enqueue(stream);
            return;
        }
        stream.pending().remove();
        boolean last = stream.endsAfterPending();
        emit(stream, first, n, last ? FrameType.END_STREAM : 0);
        if (last) {
            stream.endSent();
        } else if (stream.pending().isEmpty()) {
            stream.drained();
        } else {
            enqueue(stream);
        }
    }

    private void emit(H2Stream stream, ByteBuf data, int n, int flags) {
        window -= n;
        stream.spend(n);
        floods.sent(n);
        int at = data.readerIndex() - FrameType.HEADER_BYTES;
        if (at >= 0 && data.refCnt() == 1 && !data.isReadOnly()) {
            data.setInt(at, n << 8 | FrameType.DATA);
            data.setByte(at + 4, flags);
            data.setInt(at + 5, stream.id());
            data.readerIndex(at);
        } else {
            ctx.write(header(n, FrameType.DATA, flags, stream.id(), 0), ctx.voidPromise());
        }
        write(data);
    }

    // ---- control frames

    void request(int streamId, String authority, List<HeaderField> fields, boolean end) {
        List<HeaderField> all = new ArrayList<>(fields.size() + 2);
        all.add(new HeaderField(":method", RequestHead.CONNECT));
        all.add(new HeaderField(":authority", authority));
        all.addAll(fields);
        headers(streamId, codec.encode(streamId, all), end);
    }

    void answer(int streamId, int status, List<HeaderField> fields, boolean end) {
        List<HeaderField> all = new ArrayList<>(fields.size() + 1);
        all.add(new HeaderField(":status", Integer.toString(status)));
        all.addAll(fields);
        headers(streamId, codec.encode(streamId, all), end);
    }

    private void headers(int streamId, ByteBuf block, boolean end) {
        int flags = end ? FrameType.END_STREAM : 0;
        int type = FrameType.HEADERS;
        do {
            int n = Math.min(block.readableBytes(), peerMaxFrame);
            boolean last = n == block.readableBytes();
            ByteBuf frame = header(n, type, flags | (last ? FrameType.END_HEADERS : 0), streamId, n);
            frame.writeBytes(block, n);
            control(frame);
            type = FrameType.CONTINUATION;
            flags = 0;
        } while (block.isReadable());
        block.release();
    }

    HeaderCodec codec() {
        return codec;
    }

    /** SETTINGS with pairs of identifier and value. */
    void settings(int... pairs) {
        ByteBuf frame = header(pairs.length * 3, FrameType.SETTINGS, 0, 0, pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            frame.writeShort(pairs[i]).writeInt(pairs[i + 1]);
        }
        control(frame);
    }

    void settingsAck() {
        control(header(0, FrameType.SETTINGS, FrameType.ACK, 0, 0));
    }

    void ping(long content, boolean ack) {
        control(header(8, FrameType.PING, ack ? FrameType.ACK : 0, 0, 8).writeLong(content));
    }

    void reset(int streamId, H2Code code) {
        control(header(4, FrameType.RST_STREAM, 0, streamId, 4).writeInt(code.wire()));
    }

    void windowUpdate(int streamId, int increment) {
        control(header(4, FrameType.WINDOW_UPDATE, 0, streamId, 4).writeInt(increment));
    }

    void goAway(int lastStreamId, H2Code code, byte[] debug) {
        int n = 8 + debug.length;
        control(header(n, FrameType.GOAWAY, 0, 0, n)
                .writeInt(lastStreamId)
                .writeInt(code.wire())
                .writeBytes(debug));
    }

    private void control(ByteBuf frame) {
        if (!ctx.channel().isWritable()) {
            answersHeldUp++;
        }
        write(frame);
    }

    private ByteBuf header(int length, int type, int flags, int streamId, int room) {
        return ctx.alloc()
                .directBuffer(FrameType.HEADER_BYTES + room)
                .writeInt(length << 8 | type)
                .writeByte(flags)
                .writeInt(streamId);
    }

    void raw(ByteBuf bytes) {
        write(bytes);
    }

    // ---- flushing

    private void write(ByteBuf bytes) {
        written += bytes.readableBytes();
        ctx.write(bytes, ctx.voidPromise());
        if (!flushDue) {
            flushDue = true;
            if (!inRead) {
                ctx.executor().execute(flushTask);
            }
        }
    }

    void readBegins() {
        inRead = true;
    }

    /** The end of a burst of reads: what it made us write goes out now. */
    void readEnds() {
        inRead = false;
        flushNow();
    }

    void flushNow() {
        if (flushDue) {
            flushDue = false;
            ctx.flush();
        }
    }
}
